import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Http } from './instance.ts'

/** For requests that are under way when the server closes: the longest waits 5 s for the ledger. */
const GRACE_MS = 6_000

/**
 * Lets `app.close()` end in time. It waits for every connection, but Node ends only those that wait for their next request, and looks at no timeout any more: one that
 * has never asked anything, as browsers and pools open them ahead, would hold it for ever.
 */
export function closeConnections (app: Http, { secure }: { secure: boolean }): void {
  const open = new Set<Socket>()
  const silent = new Set<Socket>()
  // One for all: a function per connection would stay as long as that does.
  function forget (this: Socket): void {
    open.delete(this)
    silent.delete(this)
  }
  const enter = (set: Set<Socket>, socket: Socket): void => {
    set.add(socket)
    socket.on('close', forget)
  }
  const asked = ({ socket }: IncomingMessage): void => { silent.delete(socket) }
  app.server.on('connection', socket => enter(open, socket))
  app.server.on(secure ? 'secureConnection' : 'connection', socket => enter(silent, socket))
  app.server.on('request', asked)
  app.server.on('upgrade', asked)
  app.addHook('preClose', async () => {
    for (const socket of silent) socket.destroy()
    // Those that came since, whose handshake never ends, or whose request does not.
    const late = setTimeout(() => { for (const socket of open) socket.destroy() }, GRACE_MS)
    // One that never listened, since its port was taken, closes without a word.
    late.unref()
    app.server.once('close', () => clearTimeout(late))
  })
}
