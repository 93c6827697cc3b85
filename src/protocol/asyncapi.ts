import type { TSchema } from 'typebox'
import { closeCodes } from './close.ts'
import { Bye, clientFrames, DiffFrame, Mine, Pulse, Reply, SnapshotFrame, SUBPROTOCOL, Welcome } from './frames.ts'

const serverFrames: Readonly<Record<string, TSchema>> = {
  welcome: Welcome, snapshot: SnapshotFrame, diff: DiffFrame, pulse: Pulse, mine: Mine, reply: Reply, bye: Bye
}

const SUMMARIES: Readonly<Record<string, string>> = {
  welcome: 'First on every connection',
  snapshot: 'A floor, whole, as the audience may see it',
  diff: 'What changed on a floor since a position; values are absolute',
  pulse: 'Every few seconds: where the floors are, and when that was last confirmed; nothing for 10 s means that the screen is stale',
  mine: 'Claims of the person who is connected, and those that a fault took',
  reply: 'The answer to a request, with its id',
  bye: 'The server is going away: come back in the window',
  watch: 'Follow a floor, from a position if there is one',
  unwatch: 'Follow a floor no longer',
  claim: 'As POST /v1/claims',
  checkIn: 'As POST /v1/claims/{claim}/check-in',
  release: 'As POST /v1/claims/{claim}/release',
  change: 'As PATCH /v1/claims/{claim}',
  arrive: 'As POST /v1/people/arrive',
  leave: 'As POST /v1/people/leave',
  renew: 'A fresh token before the old one expires'
}

const ref = (path: string) => ({ $ref: `#/${path}` })

/** The live stream as an AsyncAPI 3.0 document, made from the schemas that check the frames. */
export function asyncApi (version: string): object {
  const messages: Record<string, object> = {}
  for (const [name, payload] of [...Object.entries(serverFrames), ...Object.entries<TSchema>(clientFrames)]) {
    messages[name] = { name, title: name, summary: SUMMARIES[name], contentType: 'application/json', payload }
  }
  const channel = ref('channels/live')
  const through = (names: Record<string, unknown>) => Object.keys(names).map(name => ref(`channels/live/messages/${name}`))
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Perch live stream',
      version,
      description: `JSON text frames over WebSocket with the subprotocol ${SUBPROTOCOL}. Socket.IO at /socket.io/ and server-sent events at /v1/floors/{floor}/events carry the same objects.`
    },
    defaultContentType: 'application/json',
    channels: {
      live: {
        address: '/v1/live',
        messages: Object.fromEntries(Object.keys(messages).map(name => [name, ref(`components/messages/${name}`)])),
        bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
        'x-close-codes': Object.values(closeCodes)
      }
    },
    operations: {
      toClient: { action: 'send', channel, summary: 'What the server sends', messages: through(serverFrames) },
      fromClient: { action: 'receive', channel, summary: 'What a client sends', messages: through(clientFrames) }
    },
    components: { messages }
  }
}
