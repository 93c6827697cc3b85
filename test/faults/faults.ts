import { shardKeys } from '../../src/adapters/redis/shard-keys.ts'
import { SHARD } from '../harness/core.ts'
import { command } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { losePower, pause, resume, type FaultyRedis } from './faulty-redis.ts'
import type { Installation } from './installation.ts'
import type { Direction, Link } from './link.ts'
import type { Fault, Scene } from './nemesis.ts'

const always = (): boolean => true
const withPreload = ({ hasPreload }: Installation): boolean => hasPreload
/** Where a primary that is not heard of is replaced. */
const hasReplica = ({ store }: Installation): boolean => store.failOver !== null
/** The life of a guard's lock; a node that is paused for ten of them has long lost what it held. */
const LOCK_LIFE_MS = 2_000
const SKEW_MS = 60_000
/** Until a keeper has noticed that its shard is gone. */
const FREEZES_WITHIN_MS = 5_000
/** Questions to Postgres from the freeze to the thaw, about. */
const STEPS = 8
const DIRECTIONS: ReadonlyArray<Direction | 'both'> = ['there', 'back', 'both']

/** Everything that can be done to an installation. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'a node is killed': {
    target: 'node',
    fits: always,
    run: async scene => {
      const node = scene.any(scene.installation.nodes)
      scene.say(`node ${node.number}`)
      await node.kill()
      scene.killed(1)
      await scene.last(0, 2_000)
      await node.start()
    }
  },
  'all nodes are killed': {
    target: 'node',
    fits: always,
    run: async ({ installation: { nodes }, last, killed }) => {
      await Promise.all(nodes.map(async node => { await node.kill() }))
      killed(nodes.length)
      await last(0, 500)
      await Promise.all(nodes.map(async node => { await node.start() }))
    }
  },
  'a node is stopped and comes back': {
    target: 'node',
    fits: always,
    run: async scene => {
      const node = scene.any(scene.installation.nodes)
      scene.say(`node ${node.number}`)
      const began = performance.now()
      await node.stop()
      scene.say(`stopped in ${Math.round(performance.now() - began)} ms`)
      await scene.last(0, 500)
      await node.start()
    }
  },
  'a node is paused': pausedNode(100, 3 * LOCK_LIFE_MS),
  'a node is paused for long': pausedNode(4 * LOCK_LIFE_MS, 10 * LOCK_LIFE_MS),
  'a keeper is paused while it recovers': {
    target: 'node',
    // Where there is no replica that knows better.
    fits: installation => !hasReplica(installation),
    run: async scene => { await pauseKeeper(scene) }
  },
  'a node\'s clock is off': {
    target: 'node',
    fits: withPreload,
    run: async scene => {
      const node = scene.any(scene.installation.nodes)
      await node.inside?.setClock(skew(scene))
      await scene.last(500, 4_000)
      await node.inside?.setClock(0)
    }
  },
  'Redis is killed': {
    target: 'store',
    fits: always,
    splits: hasReplica,
    run: async scene => { await downFor(scene, async ({ redis }) => { await redis.kill() }) }
  },
  'Redis loses power': {
    target: 'store',
    fits: withPreload,
    splits: hasReplica,
    run: async scene => { await downFor(scene, async server => { scene.say(`${await losePower(server)} bytes are lost`) }) }
  },
  'Redis is paused': {
    target: 'store',
    fits: always,
    splits: hasReplica,
    run: async scene => {
      const server = await primaryOf(scene)
      pause(server)
      await scene.last(100, 5_000)
      resume(server)
    }
  },
  'Redis is emptied': {
    target: 'store',
    fits: always,
    splits: hasReplica,
    run: async scene => {
      const server = await primaryOf(scene)
      await command(server.redis.port, async client => await client.flushall())
    }
  },
  'Redis forgets its scripts': {
    target: 'store',
    fits: always,
    run: async scene => {
      const server = await primaryOf(scene)
      await command(server.redis.port, async client => await client.script('FLUSH'))
    }
  },
  'Redis\'s clock is off': {
    target: 'store',
    fits: withPreload,
    run: async scene => {
      const server = await primaryOf(scene)
      await server.inside?.setClock(skew(scene))
      await scene.last(500, 4_000)
      await server.inside?.setClock(0)
    }
  },
  'the way to Redis is dark': { target: 'store', fits: always, splits: hasReplica, run: async scene => { await dark(scene, await storeLinks(scene)) } },
  'the way to Redis is slow': { target: 'store', fits: always, splits: hasReplica, run: async scene => { await slow(scene, await storeLinks(scene)) } },
  'connections to Redis are cut': { target: 'store', fits: always, run: async scene => { await cut(scene, await storeLinks(scene)) } },
  'replies of Redis are lost': { target: 'store', fits: always, splits: hasReplica, run: async scene => { await lose(scene, await storeLinks(scene), /evalsha/i) } },
  'another Redis is promoted': {
    target: 'store',
    fits: hasReplica,
    splits: always,
    run: async scene => {
      // One may be under way already, or not be possible right now.
      await scene.installation.store.failOver?.().catch((error: Error) => scene.say(error.message))
      await scene.last(1_000, 4_000)
    }
  },
  'a replica that stalled is promoted': {
    target: 'store',
    fits: hasReplica,
    splits: always,
    run: async scene => {
      const primary = await primaryOf(scene)
      const replicas = scene.installation.store.servers.filter(server => server !== primary)
      for (const replica of replicas) pause(replica)
      await scene.last(300, 3_000)
      await primary.redis.kill()
      scene.killed(1)
      for (const replica of replicas) resume(replica)
      await scene.last(2_000, 5_000)
      await primary.redis.restart()
    }
  },
  'Postgres is killed': {
    target: 'ledger',
    fits: always,
    run: async ({ installation: { postgres }, last, killed }) => {
      await postgres.kill()
      killed(1)
      await last(0, 4_000)
      await postgres.restart()
    }
  },
  'the way to Postgres is dark': { target: 'ledger', fits: always, run: async scene => { await dark(scene, ledgerLinks(scene)) } },
  'the way to Postgres is slow': { target: 'ledger', fits: always, run: async scene => { await slow(scene, ledgerLinks(scene)) } },
  'connections to Postgres are cut': { target: 'ledger', fits: always, run: async scene => { await cut(scene, ledgerLinks(scene)) } },
  'replies of Postgres are lost': { target: 'ledger', fits: always, run: async scene => { await lose(scene, ledgerLinks(scene), /perch-record/) } },
  'lock nodes are paused': {
    target: 'locks',
    fits: always,
    run: async scene => {
      const locks = some(scene, scene.installation.locks)
      for (const lock of locks) pause(lock)
      await scene.last(100, 5_000)
      for (const lock of locks) resume(lock)
    }
  },
  'lock nodes are killed': {
    target: 'locks',
    fits: always,
    run: async scene => {
      const locks = some(scene, scene.installation.locks)
      await Promise.all(locks.map(async ({ redis }) => { await redis.kill() }))
      scene.killed(locks.length)
      await scene.last(0, 2_000)
      await Promise.all(locks.map(async ({ redis }) => { await redis.restart() }))
    }
  },
  'a lock node\'s clock is off': {
    target: 'locks',
    fits: withPreload,
    run: async scene => {
      const { inside } = scene.any(scene.installation.locks)
      await inside?.setClock(skew(scene))
      await scene.last(500, 4_000)
      await inside?.setClock(0)
    }
  },
  'the way to lock nodes is dark': { target: 'locks', fits: always, run: async scene => { await dark(scene, lockLinks(scene)) } },
  'the way to lock nodes is slow': { target: 'locks', fits: always, run: async scene => { await slow(scene, lockLinks(scene)) } }
}

function skew ({ random, say }: Scene): number {
  const off = random() < 0.5 ? SKEW_MS : -SKEW_MS
  say(`by ${off} ms`)
  return off
}

/**
 * Its shard goes to another one while it is between two steps, as far apart as a slow Postgres makes them; then it goes on. From the freeze on each step is a write that has to look
 * whether it still may.
 */
async function pauseKeeper (scene: Scene): Promise<void> {
  const { installation: { nodes }, random, say, last } = scene
  const { redis } = await primaryOf(scene)
  const epoch = shardKeys()[SHARD]?.epoch ?? ''
  const latencyMs = 20 + random() * 100
  for (const { ledgerLink } of nodes) ledgerLink.latency(latencyMs)
  const frozen = await command(redis.port, async client => {
    await client.flushall()
    const look = async (): Promise<string | false> => await client.get(epoch).then(value => value?.startsWith('frozen') === true && value)
    return await until(look, { what: 'a keeper has frozen the shard', withinMs: FREEZES_WITHIN_MS, everyMs: 2 })
  }).catch((error: Error) => error.message)
  const keeper = nodes.find(({ pid }) => frozen.includes(`-${pid}-`))
  await last(0, STEPS * latencyMs)
  say(`node ${keeper?.number ?? 'none'}: ${frozen}`)
  keeper?.pause()
  // Longer than its lease, which others take then.
  if (keeper !== undefined) await last(7_000, 9_000)
  for (const { ledgerLink } of nodes) ledgerLink.heal()
  keeper?.resume()
  await last(500, 1_500)
}

/** While sentinels disagree any server will do. */
async function primaryOf ({ installation: { store }, any, say }: Scene): Promise<FaultyRedis> {
  const server = await store.primary().catch(() => any(store.servers))
  say(`server ${store.servers.indexOf(server)}`)
  return server
}

async function downFor (scene: Scene, down: (server: FaultyRedis) => Promise<void>): Promise<void> {
  const server = await primaryOf(scene)
  await down(server)
  scene.killed(1)
  await scene.last(0, 3_000)
  await server.redis.restart()
}

/** Of the primary: from one node, or from all. */
async function storeLinks (scene: Scene): Promise<readonly Link[]> {
  return some(scene, (await primaryOf(scene)).links)
}

function ledgerLinks (scene: Scene): readonly Link[] {
  return some(scene, scene.installation.nodes.map(({ ledgerLink }) => ledgerLink))
}

function lockLinks (scene: Scene): readonly Link[] {
  return some(scene, scene.installation.nodes.flatMap(({ lockLinks }) => lockLinks))
}

/** One of them, all, or those that the dice choose. */
function some<T> ({ any, random, say }: Scene, list: readonly T[]): readonly T[] {
  const die = random()
  const chosen = die < 0.4 ? [any(list)] : die < 0.7 ? list : list.filter(() => random() < 0.5)
  say(`${chosen.length} of ${list.length}`)
  return chosen
}

async function dark (scene: Scene, links: readonly Link[]): Promise<void> {
  const direction = scene.any(DIRECTIONS)
  scene.say(direction)
  for (const link of links) link.blackhole(direction === 'both' ? undefined : direction)
  await scene.last(200, 6_000)
  for (const link of links) link.heal()
}

async function slow (scene: Scene, links: readonly Link[]): Promise<void> {
  const drips = scene.random() < 0.4
  const amount = drips ? 500 + scene.random() * 20_000 : 2 + scene.random() * 150
  scene.say(`${Math.round(amount)} ${drips ? 'bytes a second' : 'ms'}`)
  for (const link of links) if (drips) link.drip(amount); else link.latency(amount)
  await scene.last(500, 5_000)
  for (const link of links) link.heal()
}

async function cut (scene: Scene, links: readonly Link[]): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    for (const link of links) link.reset()
    await scene.last(50, 800)
  }
}

/** What was asked is done, and nobody hears of it. */
async function lose (scene: Scene, links: readonly Link[], meant: RegExp): Promise<void> {
  for (let turn = 0; turn < 6; turn++) {
    for (const link of links) link.dropReply(request => meant.test(request.toString('latin1'))).catch(() => {})
    await scene.last(50, 600)
  }
  for (const link of links) link.heal()
}

/** Some node sleeps for between `leastMs` and `mostMs`. */
function pausedNode (leastMs: number, mostMs: number): Fault {
  return {
    target: 'node',
    fits: always,
    run: async scene => {
      const node = scene.any(scene.installation.nodes)
      scene.say(`node ${node.number}`)
      node.pause()
      await scene.last(leastMs, mostMs)
      node.resume()
    }
  }
}
