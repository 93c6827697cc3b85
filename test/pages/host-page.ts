import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cleanup } from '../harness/cleanup.ts'

/** A page of somebody else's, at an origin of its own. Its address. */
export async function serveHostPage (t: Cleanup, html: string): Promise<{ origin: string, show (html: string): void }> {
  let now = html
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(now))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.close(); server.closeAllConnections() })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, show (html) { now = html } }
}
