import { test } from 'tap'
import assert from 'node:assert/strict'
import { deflateRawSync } from 'node:zlib'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { clientFrame, OPCODE, upgradeRequest, type RawFrame } from '../transports/live/raw-socket.ts'
import { WITHIN_MS, type Attacker } from './attacker.ts'
import { openScene } from './scene.ts'

const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket'
const MIB = 1024 * 1024
const filled = (length: number): Buffer => Buffer.alloc(length, 'x')
const text = (payload: Buffer, more: Partial<RawFrame> = {}): Buffer => clientFrame({ opcode: OPCODE.text, payload, ...more })
const frame = (value: unknown): Buffer => text(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))

/** Upgrades and sends, on and on if there is `more`, and gives the close code; 0: cut off without one. */
async function ended (t: Cleanup, eve: Attacker, token: string, path: string, bytes: Buffer, more?: () => Buffer, headers: readonly string[] = []): Promise<number> {
  const raw = eve.raw(t)
  raw.tcp.write(Buffer.concat([Buffer.from(upgradeRequest(path, [`authorization: Bearer ${token}`, ...headers])), ...path === SOCKET_IO ? [frame(`40${JSON.stringify({ token })}`)] : [], bytes]))
  await until(() => {
    if (more !== undefined && raw.tcp.writable && raw.tcp.writableLength < MIB) raw.tcp.write(more())
    return raw.closeCode !== undefined || raw.closed
  }, { what: 'the end of the connection', withinMs: WITHIN_MS })
  raw.tcp.destroy()
  return raw.closeCode ?? 0
}

/*
 * What breaks the protocol in each way is in test/transports/live/broken-frames.test.ts and deflate.test.ts, on a server in the test's own process. Here the same kinds come to a
 * real node in such numbers and sizes as would use up its memory or its time.
 */
test('frames that are not as they should be', async t => {
  const { member, admin, attacker, endures, node } = await openScene(t, { PRINCIPAL_RATE: '1000' })
  const token = String(admin.token)
  const eve = attacker(t, '127.0.0.80')

  await t.test('frames of 100 MB, and fragments without an end, are cut off at the first byte too many', async t => {
    const promised = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x06, 0x40, 0, 0, 1, 2, 3, 4])
    const fragment = clientFrame({ opcode: OPCODE.continuation, payload: filled(100), fin: false })
    await endures(t, async () => {
      for (const path of ['/v1/live', SOCKET_IO]) {
        const codes = await Promise.all(Array.from({ length: 20 }, async () => await ended(t, eve, token, path, promised, () => filled(64 * 1024))))
        assert.deepEqual(new Set(codes.filter(code => code !== 0)), new Set([1009]), path)
        assert.ok([1008, 0].includes(await ended(t, eve, token, path, text(filled(100), { fin: false }), () => fragment)), path)
      }
    })
  })

  await t.test('reserved bits and frames without a mask end the connection, a hundred times over', async t => {
    await endures(t, async () => {
      for (const reserved of [1, 2, 4]) assert.equal(await ended(t, eve, token, '/v1/live', text(filled(10), { reserved })), 1002)
      const codes = await Promise.all(Array.from({ length: 100 }, async () => await ended(t, eve, token, '/v1/live', text(filled(10), { masked: false }))))
      assert.deepEqual(new Set(codes), new Set([1002]))
    })
  })

  await t.test('messages that would inflate to a hundred times their size are not inflated', async t => {
    const bomb = text(deflateRawSync(Buffer.alloc(12 * MIB, 'x')), { reserved: 4 })
    await endures(t, async () => {
      const codes = await Promise.all(Array.from({ length: 100 }, async () => await ended(t, eve, token, '/v1/live', bomb, undefined, ['sec-websocket-extensions: permessage-deflate'])))
      assert.deepEqual(new Set(codes), new Set([1009]))
    })
  })

  await t.test('members that are something to the language, ids that are none and documents without a floor change nothing', async t => {
    const deep = `{"type":"claim","id":"1","claim":${'['.repeat(8_000)}${']'.repeat(8_000)}}`
    const frames = [
      '{"type":"claim","id":"1","claim":{"space":"f1-d0","__proto__":{"role":"admin"}}}', '{"type":"claim","id":"1","__proto__":{"x":1},"claim":{"space":"f1-d0"}}', '{"type":"__proto__","id":"1"}', '{"type":"constructor","id":"1"}',
      deep, ...['{s00}', 'a:b', 'f1-d0\r\n', 'x'.repeat(10_000), 'f1-d０', 'ѕpace'].map(space => JSON.stringify({ type: 'claim', id: '1', claim: { space } })),
      ...['{s00}', '*', '../f1', '__proto__'].map(floor => JSON.stringify({ type: 'watch', id: '1', floor }))
    ]
    await endures(t, async () => {
      const tcp = eve.connect()
      let heard = ''
      tcp.on('data', part => { heard += part.toString('latin1') })
      tcp.write(Buffer.concat([Buffer.from(upgradeRequest('/v1/live', [`authorization: Bearer ${member}`])), ...frames.map(frame)]))
      const replies = (): string[] => heard.match(/"type":"reply"[^}]*?"ok":false/g) ?? []
      await until(() => replies().length === frames.length, { what: `${frames.length} refusals`, withinMs: WITHIN_MS })
      assert.doesNotMatch(heard, /"ok":true/)
      tcp.destroy()
    })
  })

  await t.test('a flood of frames is ended with when to come back, and floods of pings are answered at the pace that they are read', async t => {
    const many = Buffer.concat(Array.from({ length: 2_000 }, (_, i) => frame({ type: 'unwatch', id: `${i}`, floor: 'f1' })))
    const pings = Buffer.concat(Array.from({ length: 5_000 }, () => clientFrame({ opcode: OPCODE.ping, payload: filled(100) })))
    await endures(t, async () => {
      const codes = await Promise.all(Array.from({ length: 20 }, async () => await ended(t, eve, member, '/v1/live', many)))
      assert.deepEqual(new Set(codes), new Set([4004]))
      const deaf = Array.from({ length: 20 }, () => eve.connect().pause())
      for (const tcp of deaf) tcp.write(Buffer.concat([Buffer.from(upgradeRequest('/v1/live', [`authorization: Bearer ${member}`])), pings]))
      await until(() => deaf.every(tcp => tcp.writableLength === 0 || tcp.destroyed), { what: 'all pings to be sent or cut off', withinMs: WITHIN_MS }).catch(() => {})
      for (const tcp of deaf) tcp.destroy()
    })
  })

  await t.test('after all of it the log has no error', async () => {
    assert.deepEqual((await node.logs()).filter(({ level }) => Number(level) >= 50 || level === 'error'), [])
  })
})
