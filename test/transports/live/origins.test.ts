import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Authenticator } from '../../../src/application/principal.ts'
import { byRole } from '../http/open-server.ts'
import { EventClient } from './event-client.ts'
import { openLive } from './open-live.ts'
import { RawSocket, upgradeRequest } from './raw-socket.ts'
import { SocketIoClient } from './socket-io-client.ts'
import { WebSocketClient } from './web-socket-client.ts'

const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket'
const LISTED = 'https://maps.example'

test('a page of another origin gets no connection over any transport, whatever it shows, and nobody looks at that', async t => {
  let looks = 0
  const authenticator: Authenticator = {
    async authenticate (...asked) {
      looks++
      return await byRole.authenticate(...asked)
    }
  }
  const server = await openLive(t, { origins: [LISTED], authenticator })
  for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${server.port}.evil.example`, 'http://127.0.0.1:1', 'http://maps.example', `${LISTED}.evil.example`]) {
    for (const request of [
      upgradeRequest('/v1/live', ['authorization: Bearer admin', `origin: ${origin}`]),
      upgradeRequest('/v1/live', ['sec-websocket-protocol: perch.v1, bearer.admin', `origin: ${origin}`]),
      upgradeRequest(SOCKET_IO, ['authorization: Bearer admin', `origin: ${origin}`]),
      `GET /v1/floors/f1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer admin\r\norigin: ${origin}\r\nconnection: close\r\n\r\n`
    ]) {
      const raw = new RawSocket(t, server.port)
      raw.tcp.write(request)
      await server.until('the answer', () => raw.closed)
      assert.match(raw.head, /^HTTP\/1\.1 403 /, request)
      assert.equal(JSON.parse(String(raw.body)).code, 'FORBIDDEN')
    }
  }
  assert.deepEqual([looks, server.stream.metrics.open], [0, 0])
})

test('pages of Perch itself and of listed origins connect, and who is no page', async t => {
  const server = await openLive(t, { origins: [LISTED] })
  for (const headers of [{}, { origin: `http://127.0.0.1:${server.port}` }, { origin: LISTED }]) {
    const clients = [new WebSocketClient(t, server.port, 'admin', { headers }), new SocketIoClient(t, server.port, { token: 'admin' }, headers), new EventClient(t, server.port, { headers })]
    await server.until('a welcome on each transport', () => clients.every(client => client.of('welcome').length === 1))
  }
})
