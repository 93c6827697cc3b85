import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { test } from 'tap'
import type { Cleanup } from '../../harness/cleanup.ts'
import { openServer } from './open-server.ts'

test('a server that closes does not wait for a connection that never asked anything', async t => {
  const { app } = await openServer(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const taken = once(app.server, 'connection')
  const socket = await connected(t, (app.server.address() as AddressInfo).port)
  await taken
  const ended = once(socket, 'close')
  await app.close()
  await ended
  assert.equal(app.server.listening, false)
})

test('a server that closes answers what is under way', async t => {
  const { app } = await openServer(t, { readiness: async () => await slow.then(() => ({ ready: true, checks: {} })) })
  let answer = (): void => {}
  const slow = new Promise<void>(resolve => { answer = resolve })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const socket = await connected(t, (app.server.address() as AddressInfo).port)
  const asked = once(app.server, 'request')
  socket.write('GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await asked
  const closing = app.close()
  answer()
  const [said] = await once(socket, 'data')
  assert.match(String(said), /^HTTP\/1.1 200 /)
  await closing
})

async function connected (t: Cleanup, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}
