import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Principal, Role } from '../../src/application/principal.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { Audience } from '../../src/domain/audience.ts'
import { shardOf } from '../../src/domain/ids.ts'
import type { ClientFrame } from '../../src/protocol/frames.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { FaultyStore } from '../harness/faulty-store.ts'
import { desk, heldBy, openFloors, ORG, SHARD } from '../harness/floors.ts'
import { ADA, DISPLAY, pass, rest, SENSOR, StreamNode } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

const F = 'hq-1'
const watch = (id: string, more: Partial<Extract<ClientFrame, { type: 'watch' }>> = {}): ClientFrame => ({ type: 'watch', id, floor: F, ...more })
const as = (role: Role, site: string | null = null): Principal => ({ org: ORG, id: `test:${role}`, role, person: null, site, expiresAt: null })

async function scene (t: Cleanup, { principal = ADA, limits = {} }: { principal?: Principal, limits?: Partial<StreamLimits> } = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  for (const floor of [F, 'hq-2', 'hq-3']) await floors.place(floor, 3)
  const faulty = new FaultyStore(floors.store)
  const node = new StreamNode(t, { store: faulty.store, clock, limits })
  const { session, socket } = node.connect(principal)
  const claim = async (n: number, person = 'ada', floor = F) => await floors.write(floor, [[`${floor}-d${n}`, desk(floor, { current: heldBy(person, `${floor}-d${n}`, floor) })]])
  const replies = () => socket.of('reply').map(reply => reply.ok ? [reply.id, 'ok'] : [reply.id, reply.error.code])
  const told = () => socket.frames.flatMap(frame => frame.type === 'snapshot' ? [`snapshot ${frame.epoch}-${frame.seq}`] : frame.type === 'diff' ? [`diff ${frame.from}-${frame.to}`] : [])
  return { clock, floors, faulty, node, session, socket, claim, replies, told }
}

test('a watch is answered with what was granted and where the node is, and then come the floor and its changes', async t => {
  const { session, socket, claim, told } = await scene(t)
  session.receive(watch('w'))
  await rest()
  await claim(0)
  await rest()
  const frames = socket.frames.filter(({ type }) => type !== 'mine')
  assert.deepEqual(frames.map(({ type }) => type), ['welcome', 'reply', 'snapshot', 'diff'])
  assert.deepEqual(frames[1], { floor: F, audience: 'named', epoch: 1, seq: 2, type: 'reply', id: 'w', ok: true })
  assert.deepEqual(told(), ['snapshot 1-2', 'diff 2-3'])
})

test('watches and unwatches are done in the order they came, however long one takes', async t => {
  const { session, socket, replies, faulty, claim } = await scene(t)
  let release = () => {}
  faulty.beforeRead = async () => await new Promise<void>(resolve => { release = resolve })
  session.receive(watch('1'))
  await rest()
  faulty.beforeRead = async () => {}
  session.receive(watch('2', { floor: 'hq-2' }))
  session.receive({ type: 'unwatch', id: '3', floor: F })
  session.receive(watch('4', { floor: 'nowhere' }))
  await rest()
  assert.deepEqual(replies(), [])
  release()
  await rest()
  assert.deepEqual(replies(), [['1', 'ok'], ['2', 'ok'], ['3', 'ok'], ['4', 'FLOOR_UNKNOWN']])
  assert.deepEqual(socket.of('snapshot').map(({ floor }) => floor), [F, 'hq-2'])
  socket.clear()
  await claim(0)
  await claim(0, 'ada', 'hq-2')
  await rest()
  assert.deepEqual(socket.of('diff').map(({ floor }) => floor), ['hq-2'])
})

test('to unwatch what is not watched is answered alike', async t => {
  const { session, replies, node } = await scene(t)
  session.receive({ type: 'unwatch', id: '1', floor: 'nowhere' })
  session.receive(watch('2'))
  session.receive({ type: 'unwatch', id: '3', floor: F })
  session.receive({ type: 'unwatch', id: '4', floor: F })
  await rest()
  assert.deepEqual(replies(), [['1', 'ok'], ['2', 'ok'], ['3', 'ok'], ['4', 'ok']])
  assert.equal(node.metrics.watching, 0)
})

test('to watch again replaces the earlier watch: one frame for each change', async t => {
  const { session, socket, node, claim } = await scene(t)
  for (const id of ['1', '2', '3']) session.receive(watch(id))
  await rest()
  assert.deepEqual([socket.of('snapshot').length, node.metrics.watching], [3, 1])
  await claim(0)
  await rest()
  assert.equal(socket.of('diff').length, 1)
})

test('who comes with a position gets a diff from there, nothing when there is nothing newer, a snapshot when only that will do', async t => {
  const { session, claim, told, floors, socket } = await scene(t)
  await claim(0)
  const cases: ReadonlyArray<readonly [Partial<Extract<ClientFrame, { type: 'watch' }>>, string[]]> = [
    [{ epoch: 1, seq: 2 }, ['snapshot 1-3']],
    [{ epoch: 1, seq: 2, audience: 'named' }, ['diff 2-3']],
    [{ epoch: 1, seq: 3, audience: 'named' }, []],
    [{ epoch: 0, seq: 3, audience: 'named' }, ['snapshot 1-3']],
    [{ epoch: 1, seq: 0, audience: 'named' }, ['snapshot 1-3']],
    [{ seq: 2 }, ['snapshot 1-3']],
    [{ epoch: 1, audience: 'named' }, ['snapshot 1-3']],
    [{ epoch: 1, seq: 2, audience: 'anonymous' }, ['diff 2-3']]
  ]
  for (const [position, expected] of cases) {
    session.receive(watch('w', position))
    await rest()
    assert.deepEqual([position, told()], [position, expected])
    socket.clear()
  }
  await floors.plan(F, [`${F}-d0`, `${F}-d1`, `${F}-d2`])
  await rest()
  socket.clear()
  session.receive(watch('w', { audience: 'named', epoch: 1, seq: 3 }))
  await rest()
  assert.deepEqual(told(), ['snapshot 1-4'])
})

test('a position ahead of the store is refused for now, and no older floor is sent', async t => {
  for (const ahead of [{ epoch: 1, seq: 3 }, { epoch: 2, seq: 0 }, { epoch: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER }]) {
    const { session, replies, told, node } = await scene(t)
    session.receive(watch('w', ahead))
    await rest()
    assert.deepEqual([replies(), told(), node.metrics.watching], [[['w', 'RECOVERING']], [], 0])
  }
})

test('a position of an audience that is not granted is a position of nothing', async t => {
  const { session, socket, claim } = await scene(t, { principal: DISPLAY })
  await claim(0)
  session.receive(watch('w', { audience: 'named', epoch: 1, seq: 2 }))
  await rest()
  assert.deepEqual(socket.of('snapshot').map(({ audience }) => audience), ['anonymous'])
  assert.equal(socket.of('diff').length, 0)
})

test('each role sees what it asks for and at most what it may (INV-7)', async t => {
  const sees: Readonly<Record<Role, Audience | null>> = {
    viewer: 'named', member: 'named', kiosk: 'named', manager: 'named', admin: 'named', display: 'anonymous', sensor: null, operator: null
  }
  const order: readonly Audience[] = ['counts', 'anonymous', 'named']
  for (const [role, most] of Object.entries(sees) as Array<[Role, Audience | null]>) {
    for (const asked of [undefined, ...order]) {
      const { session, socket, replies, claim } = await scene(t, { principal: as(role) })
      await claim(0, 'secret-person')
      session.receive(watch('w', asked === undefined ? {} : { audience: asked }))
      await rest()
      const expected = most === null || asked === undefined ? most : order[Math.min(order.indexOf(asked), order.indexOf(most))] ?? null
      const text = socket.sent.map(frame => frame.text).join()
      assert.deepEqual([role, asked, socket.of('snapshot')[0]?.audience ?? null], [role, asked, expected])
      assert.deepEqual(replies(), [['w', expected === null ? 'FORBIDDEN' : 'ok']])
      assert.deepEqual([text.includes('secret-person'), text.includes(`${F}-d0`)], [expected === 'named', expected !== null && expected !== 'counts'])
    }
  }
})

test('who may not watch is refused before the store is read', async t => {
  const { session, replies, faulty } = await scene(t, { principal: SENSOR })
  session.receive(watch('1'))
  session.receive(watch('2', { floor: 'nowhere' }))
  await rest()
  assert.deepEqual([replies(), faulty.reads, faulty.subscribed], [[['1', 'FORBIDDEN'], ['2', 'FORBIDDEN']], 0, 0])
})

test('a role for one site sees the floors of that site alone', async t => {
  for (const [site, answer] of [['hq', 'ok'], ['elsewhere', 'FORBIDDEN']] as const) {
    const { session, socket, replies, node } = await scene(t, { principal: as('manager', site) })
    session.receive(watch('w'))
    await rest()
    assert.deepEqual([replies(), socket.of('snapshot').length, node.metrics.watching], answer === 'ok' ? [[['w', 'ok']], 1, 1] : [[['w', 'FORBIDDEN']], 0, 0])
  }
})

test('an org sees its own floors alone, also where it shares a shard with another', async t => {
  let n = 0
  while (shardOf(`org-${n}`) !== SHARD) n++
  const { session, replies, socket } = await scene(t, { principal: { ...ADA, org: `org-${n}` } })
  session.receive(watch('w'))
  await rest()
  assert.deepEqual([replies(), socket.of('snapshot')], [[['w', 'FLOOR_UNKNOWN']], []])
})

test('a watch that is refused leaves no floor behind that is followed for ever', async t => {
  for (const [principal, more, code] of [[as('manager', 'elsewhere'), {}, 'FORBIDDEN'], [ADA, { audience: 'named', epoch: 9, seq: 0 }, 'RECOVERING']] as const) {
    const { session, replies, node, clock, faulty } = await scene(t, { principal })
    session.receive(watch('w', more))
    await rest()
    assert.deepEqual([replies(), node.hub.floors], [[['w', code]], 1])
    session.closed()
    await pass(clock, STREAM_LIMITS.lingerMs + STREAM_LIMITS.confirmMs, 500)
    assert.deepEqual([node.hub.floors, faulty.subscriptions], [0, 0])
  }
})

test('floors on one connection are bounded, and watching one of them again is not one more', async t => {
  const { session, replies } = await scene(t, { limits: { watchesPerSession: 2 } })
  for (const [i, floor] of [F, 'hq-2', 'hq-3', F].entries()) session.receive(watch(String(i), { floor }))
  session.receive({ type: 'unwatch', id: '4', floor: F })
  session.receive(watch('5', { floor: 'hq-3' }))
  await rest()
  assert.deepEqual(replies(), [['0', 'ok'], ['1', 'ok'], ['2', 'RATE_LIMITED'], ['3', 'ok'], ['4', 'ok'], ['5', 'ok']])
})

test('while the store recovers a watch is refused for now, and leaves nothing', async t => {
  const { session, replies, floors, node, clock } = await scene(t)
  const thaw = await floors.freeze()
  session.receive(watch('1'))
  await rest()
  assert.deepEqual([replies(), node.hub.floors], [[['1', 'RECOVERING']], 0])
  await thaw()
  session.receive(watch('2'))
  await pass(clock, 100)
  assert.deepEqual(replies().at(-1), ['2', 'ok'])
})

test('a watch that is on its way when the connection ends comes to nothing', async t => {
  const { session, socket, faulty, node, clock } = await scene(t)
  let release = () => {}
  faulty.beforeRead = async () => await new Promise<void>(resolve => { release = resolve })
  session.receive(watch('1'))
  session.receive(watch('2', { floor: 'hq-2' }))
  await rest()
  session.closed()
  faulty.beforeRead = async () => {}
  release()
  await pass(clock, STREAM_LIMITS.lingerMs + STREAM_LIMITS.confirmMs, 500)
  assert.deepEqual([[...socket.of('reply'), ...socket.of('snapshot')], node.metrics.watching, node.hub.floors, faulty.subscriptions, node.clock.timers], [[], 0, 0, 0, 0])
})
