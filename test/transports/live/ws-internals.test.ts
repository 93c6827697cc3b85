import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { until } from '../../harness/wait.ts'
import { clientFrame, OPCODE } from './raw-socket.ts'

/** What is written beneath the library rests on these. Should one of them fail after an upgrade of `ws`: do not write beneath it before the new release was read. */
const WHY = 'ws does not behave as whole messages written beneath it need; see src/transports/live/websocket.ts'

/** A connection without a network. */
class Wire extends Duplex {
  readonly written: Buffer[] = []

  override _read (): void {}

  override _write (chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written.push(chunk)
    done()
  }

  drain (): Buffer {
    return Buffer.concat(this.written.splice(0))
  }
}

function upgraded (): { wire: Wire, websocket: WebSocket } {
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true } })
  const wire = new Wire()
  const headers = { upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13', 'sec-websocket-extensions': 'permessage-deflate' }
  let made: WebSocket | null = null
  server.handleUpgrade(Object.assign(new IncomingMessage(new Socket()), { method: 'GET', headers }), wire, Buffer.alloc(0), websocket => { made = websocket })
  assert.ok(made !== null, WHY)
  assert.match(String(wire.drain()), /^HTTP\/1\.1 101 [^]*\r\n\r\n$/, WHY)
  return { wire, websocket: made }
}

const frame = (opcode: number, payload: string | Buffer): Buffer => Buffer.concat([Buffer.from([0x80 | opcode, Buffer.byteLength(payload)]), Buffer.from(payload)])

test('each frame of the library\'s own is on the connection when the call returns, whole, unmasked and uncompressed', async () => {
  const { wire, websocket } = upgraded()
  websocket.ping()
  assert.deepEqual(wire.drain(), frame(OPCODE.ping, ''), WHY)
  websocket.pong('x')
  assert.deepEqual(wire.drain(), frame(OPCODE.pong, 'x'), WHY)
  websocket.send('text')
  assert.deepEqual(wire.drain(), frame(OPCODE.text, 'text'), WHY)
  assert.equal(websocket.bufferedAmount, 0, WHY)
  wire.push(clientFrame({ opcode: OPCODE.ping, payload: Buffer.from('p') }))
  await until(() => wire.written.length > 0, { what: 'the pong' })
  assert.deepEqual(wire.drain(), frame(OPCODE.pong, 'p'), WHY)
  wire.destroy()
})

test('from its close frame on the library is not open any more, whoever began', async () => {
  const [ours, theirs] = [upgraded(), upgraded()]
  ours.websocket.close(4003, 'RELOAD')
  assert.notEqual(ours.websocket.readyState, ours.websocket.OPEN, WHY)
  const payload = Buffer.from('\x0f\xa3RELOAD', 'latin1')
  assert.deepEqual(ours.wire.drain(), frame(OPCODE.close, payload), WHY)
  const code = Buffer.from([0x03, 0xe8])
  theirs.wire.push(clientFrame({ opcode: OPCODE.close, payload: code }))
  // In each step in which code of ours may run, it has either not answered yet or is not open.
  let agreed = true
  await until(() => {
    agreed &&= (theirs.wire.written.length > 0) === (theirs.websocket.readyState !== theirs.websocket.OPEN)
    return theirs.wire.written.length > 0
  }, { what: 'its answer' })
  assert.ok(agreed, WHY)
  assert.deepEqual(theirs.wire.drain(), frame(OPCODE.close, code), WHY)
  for (const { wire, websocket } of [ours, theirs]) {
    websocket.terminate()
    wire.destroy()
  }
})

test('an extension that takes the place of the library\'s own is asked for each compressed message, and cleaned up', async () => {
  const { wire, websocket } = upgraded()
  const asked: Array<[string, boolean]> = []
  let [cleaned, heard] = [0, '']
  const { _extensions: extensions } = websocket as unknown as { _extensions: Record<string, object> }
  assert.deepEqual(Object.keys(extensions), ['permessage-deflate'], WHY)
  extensions['permessage-deflate'] = {
    decompress (data: Buffer, fin: boolean, done: (error: null, inflated: Buffer) => void) {
      asked.push([String(data), fin])
      process.nextTick(done, null, fin ? Buffer.from('inflated') : Buffer.alloc(0))
    },
    cleanup () { cleaned++ }
  }
  websocket.on('message', data => { heard = String(data) })
  wire.push(clientFrame({ opcode: OPCODE.text, payload: Buffer.from('a'), reserved: 4, fin: false }))
  wire.push(clientFrame({ opcode: OPCODE.continuation, payload: Buffer.from('b') }))
  await until(() => heard !== '', { what: 'the message' })
  assert.deepEqual([asked, heard], [[['a', false], ['b', true]], 'inflated'], WHY)
  websocket.terminate()
  wire.destroy()
  await until(() => cleaned === 1, { what: 'the extension to be cleaned up' })
})

test('the release of ws is pinned, and it is the one that is installed', async () => {
  const json = async (path: string): Promise<{ version: string, dependencies: Record<string, string> }> => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'))
  const { dependencies: { ws: wanted = '' } } = await json('../../../package.json')
  assert.match(wanted, /^\d+\.\d+\.\d+$/, WHY)
  assert.equal((await json('../../../node_modules/ws/package.json')).version, wanted, WHY)
})
