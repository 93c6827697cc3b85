import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test } from 'tap'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { openLink, type Link } from './link.ts'

/** A server that answers each line in capitals, over a link, and what it has read. */
async function openScene (t: Cleanup): Promise<{ link: Link, read: string[], connections: Set<Socket> }> {
  const read: string[] = []
  const connections = new Set<Socket>()
  const server = createServer(socket => {
    connections.add(socket)
    socket.on('error', () => {}) // 'close' follows
    socket.on('close', () => connections.delete(socket))
    socket.on('data', chunk => {
      read.push(chunk.toString())
      socket.write(chunk.toString().toUpperCase())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const link = await openLink((server.address() as AddressInfo).port)
  t.after(async () => {
    await link.close()
    server.close()
  })
  return { link, read, connections }
}

/** A client of such a link, with what came back and how it ended. */
async function openClient (t: Cleanup, { port }: Link): Promise<{ socket: Socket, heard (): string, ended (): string | null }> {
  const socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  let heard = ''
  let ended: string | null = null
  socket.on('data', chunk => { heard += chunk.toString() })
  socket.on('error', (error: NodeJS.ErrnoException) => { ended = error.code ?? error.message })
  socket.on('close', () => { ended ??= 'closed' })
  await once(socket, 'connect')
  return { socket, heard: () => heard, ended: () => ended }
}

test('a link carries both ways until its end', async t => {
  const { link } = await openScene(t)
  const { socket, heard, ended } = await openClient(t, link)
  socket.write('a')
  await until(() => heard() === 'A', { what: 'the answer' })
  socket.end()
  await until(() => ended() === 'closed', { what: 'the end' })
})

test('a link that is dark there brings the server nothing, and all of it when it heals', async t => {
  const { link, read } = await openScene(t)
  const { socket, heard } = await openClient(t, link)
  link.latency(1)
  socket.write('a')
  await until(() => heard() === 'A', { what: 'an answer before' })
  link.blackhole('there')
  socket.write('b')
  await new Promise(resolve => socket.write('c', resolve))
  assert.equal(read.join(''), 'a')
  // Dark on the other side alone, it lets them through.
  link.blackhole('back')
  await until(() => read.join('') === 'abc', { what: 'what was sent in the dark' })
  assert.equal(heard(), 'A')
  link.heal()
  await until(() => heard() === 'ABC', { what: 'the answers' })
})

test('a link that is dark on the way back lets the server do what it does not tell of', async t => {
  const { link, read } = await openScene(t)
  const { socket, heard } = await openClient(t, link)
  link.blackhole('back')
  socket.write('a')
  await until(() => read.join('') === 'a', { what: 'the server hears it' })
  socket.write('b')
  await until(() => read.join('') === 'ab', { what: 'the server hears more' })
  assert.equal(heard(), '')
  link.heal()
  await until(() => heard() === 'AB', { what: 'the answers' })
})

test('a link that drips brings it all, in small pieces', async t => {
  const { link, read } = await openScene(t)
  const { socket, heard } = await openClient(t, link)
  link.drip(5_000)
  const text = 'abcdefghij'.repeat(50)
  socket.write(text)
  await until(() => heard() === text.toUpperCase(), { what: 'all of it' })
  assert.ok(read.length >= 3, `${read.length} pieces`)
})

test('a link that drips is quick again when it heals', async t => {
  const { link } = await openScene(t)
  const { socket, heard } = await openClient(t, link)
  link.drip(1)
  socket.write('a'.repeat(5_000))
  link.heal()
  await until(() => heard().length === 5_000, { what: 'all of it' })
})

test('a dropped reply is that of a request that was done', async t => {
  const { link, read, connections } = await openScene(t)
  const { socket, heard, ended } = await openClient(t, link)
  const dropped = link.dropReply()
  socket.write('claim')
  await dropped
  await until(() => ended() === 'ECONNRESET', { what: 'the client is cut' })
  assert.deepEqual([read.join(''), heard()], ['claim', ''])
  await until(() => connections.size === 0, { what: 'the server is let go too' })
  const again = await openClient(t, link)
  again.socket.write('again')
  await until(() => again.heard() === 'AGAIN', { what: 'the next is served' })
})

test('a reply is dropped to the request that is meant, and to no other', async t => {
  const { link } = await openScene(t)
  const [one, two] = [await openClient(t, link), await openClient(t, link)]
  const dropped = link.dropReply(request => request.includes('claim'))
  one.socket.write('ping')
  await until(() => one.heard() === 'PING', { what: 'an answer to something else' })
  two.socket.write('claim')
  await dropped
  await until(() => two.ended() === 'ECONNRESET', { what: 'the one is cut' })
  one.socket.write('ping')
  await until(() => one.heard() === 'PINGPING', { what: 'the other goes on' })
})

test('a reply that was to be dropped is not when the link has healed', async t => {
  const { link } = await openScene(t)
  const { socket, heard } = await openClient(t, link)
  link.dropReply().catch(() => {})
  link.heal()
  socket.write('a')
  await until(() => heard() === 'A', { what: 'the answer' })
})

test('a reset cuts what is open, and serves what comes', async t => {
  const { link } = await openScene(t)
  const one = await openClient(t, link)
  one.socket.write('a')
  await until(() => one.heard() === 'A', { what: 'an answer' })
  link.reset()
  await until(() => one.ended() === 'ECONNRESET', { what: 'the RST' })
  const two = await openClient(t, link)
  two.socket.write('b')
  await until(() => two.heard() === 'B', { what: 'an answer' })
})
