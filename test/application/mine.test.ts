import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Store } from '../../src/application/ports.ts'
import type { Principal } from '../../src/application/principal.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { PerchError } from '../../src/domain/errors.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { FaultyStore } from '../harness/faulty-store.ts'
import type { FakeSocket } from '../harness/fake-socket.ts'
import { heldBy, openFloors, ORG } from '../harness/floors.ts'
import { ADA, DISPLAY, KIOSK, noCommands, pass, rest, SENSOR, StreamNode } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

const { mineRestMs, mineRefreshMs, lingerMs } = STREAM_LIMITS
const BOB: Principal = { ...ADA, id: 'person:bob', person: 'bob' }

/** What people have; a test changes it and tells of it, or not. */
async function scene (t: Cleanup, limits: Partial<StreamLimits> = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  const faulty = new FaultyStore(floors.store)
  let subscribing: () => Promise<void> = async () => {}
  const subscribe: Store['subscribe'] = async (...asked) => {
    await subscribing()
    return await faulty.store.subscribe(...asked)
  }
  const has = new Map<string, Claim[]>()
  const reads: Array<string | undefined> = []
  let reading: () => Promise<void> = async () => {}
  const commands = noCommands({
    claims: async (_, { person }) => {
      reads.push(person)
      const found = has.get(person ?? '') ?? []
      await reading()
      return found
    }
  })
  const node = new StreamNode(t, { store: { ...faulty.store, subscribe }, clock, commands, limits })
  const give = async (person: string, ...spaces: string[]) => {
    has.set(person, spaces.map(space => heldBy(person, space, 'hq-1').claim))
    await floors.tellPeople([person])
  }
  return {
    clock,
    floors,
    faulty,
    node,
    has,
    reads,
    give,
    whileSubscribing: (run: () => Promise<void>) => { subscribing = run },
    whileReading: (run: () => Promise<void>) => { reading = run }
  }
}

/** The spaces of each `mine` that came. */
const told = (socket: FakeSocket): string[] => socket.of('mine').map(({ claims, lost }) => [...claims.map(({ space }) => space), ...(lost ?? []).map(id => `lost ${id}`)].join(' '))

test('a person hears of their claims at the start and once for each change, on every socket, with one read for all', async t => {
  const { node, give, reads, clock, faulty } = await scene(t)
  await give('ada', 'd1')
  const sockets = [node.connect(ADA).socket, node.connect(ADA).socket]
  await pass(clock, 2 * mineRestMs)
  await give('ada', 'd1', 'd2')
  await pass(clock, 2 * mineRestMs)
  for (const socket of sockets) assert.deepEqual(told(socket), ['d1', 'd1 d2'])
  assert.deepEqual([reads, faulty.subscribed], [['ada', 'ada'], 1])
  assert.deepEqual(told(node.connect(ADA).socket), ['d1 d2'])
})

test('what does not change the claims is not told', async t => {
  const { node, give, floors, clock, reads } = await scene(t)
  await give('ada', 'd1')
  const { socket } = node.connect(ADA)
  await pass(clock, 2 * mineRestMs)
  for (let n = 0; n < 3; n++) {
    await floors.tellPeople(['ada'])
    await pass(clock, 2 * mineRestMs)
  }
  assert.deepEqual([told(socket), reads.length], [['d1'], 4])
})

test('claims that ended are left out', async t => {
  const { node, give, has, clock } = await scene(t)
  await give('ada', 'd1', 'd2')
  has.set('ada', (has.get('ada') ?? []).map((claim, i) => i === 0 ? { ...claim, life: { state: 'ended', at: 0, why: 'released' } } : claim))
  const { socket } = node.connect(ADA)
  await pass(clock, mineRestMs)
  assert.deepEqual(told(socket), ['d2'])
})

test('changes that pour in are read at most once per rest, and the last of them is not missed', async t => {
  const { node, give, clock, reads } = await scene(t)
  const { socket } = node.connect(ADA)
  await rest()
  for (let n = 0; n < 50; n++) {
    await give('ada', `d${n}`)
    await pass(clock, mineRestMs / 10)
  }
  await pass(clock, 2 * mineRestMs)
  assert.equal(told(socket).at(-1), 'd49')
  assert.ok(reads.length <= 8, `${reads.length} reads`)
})

test('a change that comes while they are read is read, too', async t => {
  const { node, give, clock, whileReading } = await scene(t)
  let release = () => {}
  whileReading(async () => await new Promise<void>(resolve => { release = resolve }))
  const { socket } = node.connect(ADA)
  await rest()
  whileReading(async () => {})
  await give('ada', 'd1')
  await rest()
  release()
  await pass(clock, 2 * mineRestMs)
  assert.equal(told(socket).at(-1), 'd1')
})

test('nobody hears of another\'s claims, and who is nobody or may not read claims hears nothing', async t => {
  const { node, give, clock, reads } = await scene(t)
  await give('ada', 'd1')
  const others = [DISPLAY, KIOSK, SENSOR, { ...ADA, role: 'kiosk' } as const]
  const sockets = others.map(principal => node.connect(principal).socket)
  const bob = node.connect(BOB).socket
  const ada = node.connect(ADA).socket
  await pass(clock, 2 * mineRestMs)
  await give('ada', 'd2')
  await pass(clock, 2 * mineRestMs)
  assert.deepEqual([told(ada), told(bob), sockets.map(told)], [['d1', 'd2'], [''], others.map(() => [])])
  assert.deepEqual(reads, ['bob', 'ada', 'ada'])
})

test('the same person id in another org is another person', async t => {
  const { node, give, clock } = await scene(t)
  await give('ada', 'd1')
  const other = node.connect({ ...ADA, org: 'elsewhere' }).socket
  const ada = node.connect(ADA).socket
  await pass(clock, 2 * mineRestMs)
  node.mine.lost(ORG, 'ada', ['019cad00-0000-7000-8000-000000000009'])
  await pass(clock, 2 * mineRestMs)
  assert.deepEqual([told(ada).length, told(other).length], [2, 1])
})

test('a change whose message is lost is told within the refresh time', async t => {
  const { node, give, clock, faulty } = await scene(t)
  const { socket } = node.connect(ADA)
  await pass(clock, mineRestMs)
  faulty.loses = () => true
  await give('ada', 'd1')
  await pass(clock, mineRestMs)
  assert.deepEqual(told(socket), [''])
  await pass(clock, mineRefreshMs + 2 * mineRestMs, 500)
  assert.deepEqual(told(socket), ['', 'd1'])
})

test('a subscription or a read that fails is tried again with pauses until it succeeds, and from then on changes are heard', async t => {
  for (const what of ['subscribing', 'reading']) {
    const { node, give, clock, faulty, reads, whileSubscribing, whileReading } = await scene(t)
    let tries = 0
    const fails = async () => { if (++tries <= 5) throw new PerchError('RECOVERING') }
    if (what === 'subscribing') whileSubscribing(fails)
    else whileReading(fails)
    await give('ada', 'd1')
    const { socket } = node.connect(ADA)
    await pass(clock, 30_000, 50)
    assert.deepEqual([what, told(socket), tries, faulty.subscribed, node.errors], [what, ['d1'], 6, 1, []])
    assert.equal(reads.length, what === 'subscribing' ? 1 : 6)
    await give('ada', 'd2')
    await pass(clock, 2 * mineRestMs)
    assert.deepEqual(told(socket), ['d1', 'd2'])
  }
})

test('an error of ours is logged, and one person\'s failure is not another\'s', async t => {
  const { node, give, clock, has, whileReading } = await scene(t)
  await give('bob', 'd1')
  has.set('ada', [])
  let first = true
  whileReading(async () => {
    if (first) {
      first = false
      throw new TypeError('a defect')
    }
  })
  const [ada, bob] = [node.connect(ADA).socket, node.connect(BOB).socket]
  await rest()
  assert.deepEqual([told(ada), told(bob), node.errors.length], [[], ['d1'], 1])
  await pass(clock, 5_000, 50)
  assert.deepEqual(told(ada), [''])
})

test('claims that a fault took away are told once, on every socket, also when what is left is as before', async t => {
  const { node, give, clock, floors } = await scene(t)
  const lost = ['019cad00-0000-7000-8000-000000000007', '019cad00-0000-7000-8000-000000000008']
  await give('ada', 'd1')
  const sockets = [node.connect(ADA).socket, node.connect(ADA).socket]
  const bob = node.connect(BOB).socket
  await pass(clock, 2 * mineRestMs)
  node.mine.lost(ORG, 'ada', lost)
  node.mine.lost(ORG, 'ada', lost.slice(0, 1))
  await pass(clock, 2 * mineRestMs)
  await floors.tellPeople(['ada'])
  await pass(clock, 2 * mineRestMs)
  for (const socket of sockets) assert.deepEqual(told(socket), ['d1', `d1 ${lost.map(id => `lost ${id}`).join(' ')}`])
  assert.deepEqual(told(bob), [''])
  assert.deepEqual(told(node.connect(ADA).socket), ['d1'])
})

test('claims that were lost while they cannot be read are told as soon as they can', async t => {
  const { node, give, clock, whileReading } = await scene(t)
  await give('ada', 'd1')
  const { socket } = node.connect(ADA)
  await pass(clock, 2 * mineRestMs)
  whileReading(async () => { throw new PerchError('RECOVERING') })
  node.mine.lost(ORG, 'ada', ['x'])
  await pass(clock, 5_000, 50)
  assert.deepEqual(told(socket), ['d1'])
  whileReading(async () => {})
  await pass(clock, STREAM_LIMITS.retryReadMs.most + mineRestMs, 50)
  assert.deepEqual(told(socket), ['d1', 'd1 lost x'])
})

test('claims that were lost while nobody listened are told to who comes back', async t => {
  const { node, give, clock } = await scene(t)
  await give('ada', 'd1')
  node.connect(ADA).session.closed()
  await pass(clock, 2 * mineRestMs)
  node.mine.lost(ORG, 'ada', ['x'])
  await pass(clock, 2 * mineRestMs)
  const sockets = [node.connect(ADA).socket, node.connect(ADA).socket]
  await pass(clock, 2 * mineRestMs)
  for (const socket of sockets) assert.deepEqual(told(socket), ['d1', 'd1 lost x'])
  assert.deepEqual(told(node.connect(ADA).socket), ['d1'])
})

test('claims are kept up to date for a while after the last socket left: who comes back hears them at once, without a read', async t => {
  const { node, give, clock, reads } = await scene(t)
  await give('ada', 'd1')
  const first = node.connect(ADA)
  await pass(clock, 2 * mineRestMs)
  first.session.closed()
  await give('ada', 'd2')
  await pass(clock, lingerMs - 1_000, 500)
  const { length } = reads
  const second = node.connect(ADA)
  assert.deepEqual([told(first.socket), told(second.socket), reads.length], [['d1'], ['d2'], length])
  await pass(clock, 2 * lingerMs, 500)
  await give('ada', 'd3')
  await pass(clock, 2 * mineRestMs)
  assert.deepEqual(told(second.socket), ['d2', 'd3'])
})

test('people whose claims are kept are bounded: the one who left first is forgotten first', async t => {
  const { node, clock, reads } = await scene(t, { mineKept: 2 })
  const people = ['p1', 'p2', 'p3'].map(person => ({ ...ADA, id: `person:${person}`, person }))
  for (const principal of people) {
    const { session } = node.connect(principal)
    await pass(clock, mineRestMs)
    session.closed()
  }
  reads.length = 0
  for (const principal of people.toReversed()) node.connect(principal)
  await pass(clock, mineRestMs)
  assert.deepEqual(reads, ['p1'])
})

test('when the last socket is gone, no subscription and no timer outlive the linger time, whenever that is', async t => {
  for (const when of ['at rest', 'subscribing', 'reading', 'failing']) {
    const { node, clock, faulty, whileSubscribing, whileReading } = await scene(t)
    let release = () => {}
    const hold = async () => await new Promise<void>(resolve => { release = resolve })
    if (when === 'subscribing') whileSubscribing(hold)
    if (when === 'reading') whileReading(hold)
    if (when === 'failing') whileReading(async () => { throw new PerchError('RECOVERING') })
    const { session } = node.connect(ADA)
    await (when === 'at rest' ? pass(clock, 2 * mineRestMs) : rest())
    session.closed()
    await pass(clock, lingerMs + mineRestMs, 500)
    release()
    await rest()
    assert.deepEqual([when, faulty.subscriptions, node.clock.timers], [when, 0, 0])
  }
})

test('who comes back after having been forgotten is subscribed anew', async t => {
  const { node, give, clock, faulty } = await scene(t)
  node.connect(ADA).session.closed()
  await pass(clock, lingerMs + 2 * mineRestMs, 500)
  const { socket } = node.connect(ADA)
  await pass(clock, 2 * mineRestMs)
  await give('ada', 'd1')
  await pass(clock, 2 * mineRestMs)
  assert.deepEqual([told(socket), faulty.subscribed, faulty.subscriptions], [['', 'd1'], 2, 1])
})

test('what a person lost while none of their sockets was here they hear with the first frame, once', async t => {
  const { node, give, clock } = await scene(t)
  await give('ada', 'd1')
  assert.equal(node.mine.lost(ADA.org, 'ada', ['c7']), false, 'nobody is here to be told')
  node.untold.push('c7')
  const { socket } = node.connect(ADA)
  await pass(clock, 2 * mineRestMs)
  assert.deepEqual(told(socket), ['d1 lost c7'])
  assert.equal(node.mine.lost(ADA.org, 'ada', ['c8']), true)
  await pass(clock, 2 * mineRestMs)
  assert.deepEqual(told(socket).at(-1), 'd1 lost c8')
})
