import { limited } from '../../src/cli/seed/abort.ts'
import type { ApiAddress } from '../../src/cli/seed/api.ts'
import type { ServerFrame } from '../../src/protocol/frames.ts'
import { ended, refusal, type Connect, type ConnectionEvents, type Ending, type WatchOf } from './connection.ts'
import { EventStream } from './event-stream.ts'

/** `GET /v1/floors/{floor}/events`: one floor each. The position is the last event's id, which goes from one connection to the next. */
export function eventsFrom (server: ApiAddress): Connect {
  let lastId = ''
  return events => {
    const stop = new AbortController()
    let over = false
    let stream: AbortController | null = null
    const end = (ending: Ending): void => {
      if (over) return
      over = true
      stop.abort()
      events.closed(ending)
    }
    queueMicrotask(() => events.opened())
    return {
      commands: false,
      send: () => {},
      watch: of => {
        // Watching again is asking again: the stream before it is left.
        stream?.abort()
        const mine = stream = new AbortController()
        const until = limited(null, stop.signal, mine.signal)
        follow(server, of, lastId, until.signal, { ...events, frame: frame => { if (!over && stream === mine) events.frame(frame) } }, id => { lastId = id })
          .then(ending => { if (stream === mine) end(ending) }, error => { if (stream === mine) end(ended(String(error))) })
          .finally(until.done)
      },
      drop: () => end(ended('dropped'))
    }
  }
}

async function follow (
  { url, token }: ApiAddress, { floor, audience }: WatchOf, lastId: string, signal: AbortSignal, events: ConnectionEvents, onId: (id: string) => void
): Promise<Ending> {
  const response = await fetch(new URL(`/v1/floors/${floor}/events?audience=${audience}`, url), {
    signal,
    headers: { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }), ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
  })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    return refusal(response.status, response.headers.get('retry-after'))
  }
  const stream = new EventStream()
  const text = new TextDecoder()
  for await (const bytes of response.body) {
    for (const { id, data } of stream.take(text.decode(bytes, { stream: true }))) {
      if (id !== '') onId(id)
      events.frame(JSON.parse(data) as ServerFrame)
    }
  }
  return ended('the stream ended')
}
