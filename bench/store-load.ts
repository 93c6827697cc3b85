import { redisStore } from '../src/adapters/redis/store.ts'
import type { Commit, Store } from '../src/application/ports.ts'
import { shardOf } from '../src/domain/ids.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { command, startRedis } from '../test/harness/redis.ts'

export const ORG = 'acme'
const SHARD = shardOf(ORG)
const EPOCH = 1
/** Calls under way at any moment. */
const IN_FLIGHT = 256

export interface Bench {
  store: Store
  /** Microseconds of CPU that the server has spent so far. */
  serverMicros (): Promise<number>
  /** Room in the outbox, as the recorder makes it. */
  trim (): Promise<void>
}

/** A Redis of its own that keeps nothing on disk, with one live shard: what is measured is the store, not the disk. */
export async function openBench (t: Cleanup): Promise<Bench> {
  const server = await startRedis(t)
  const store = redisStore({ url: server.url })
  t.after(() => store.close())
  const answer = await store.freeze(SHARD, EPOCH, 'bench')
  if (answer.frozen) await store.thaw(answer.freeze)
  return {
    store,
    serverMicros: async () => {
      const info = await command(server.port, client => client.info('cpu'))
      return 1e6 * [...info.matchAll(/used_cpu_(?:user|sys)_main_thread:([\d.]+)/g)].reduce((sum, match) => sum + Number(match[1]), 0)
    },
    trim: () => store.trimOutbox(SHARD, EPOCH, Number.MAX_SAFE_INTEGER - 1)
  }
}

const claim = {
  id: '019b5a00-0000-7000-8000-000000000000',
  space: 'hq-3-d12',
  person: 'ann.lee',
  by: { type: 'member', id: 'ann.lee' },
  from: 1795600800000,
  to: 1795633200000,
  createdAt: 1795500000000,
  state: 'booked',
  releaseAt: 1795601700000
}
const day = JSON.stringify({ f: 1, claims: [claim] })
const person = JSON.stringify({ f: 1, claims: [{ id: claim.id, kind: 'desk', space: claim.space, from: claim.from, to: claim.to }] })
const space = JSON.stringify({ f: 1, block: null, reading: null, current: null, next: { id: claim.id, from: claim.from, to: claim.to, person: claim.person } })
const where = JSON.stringify({ f: 1, space: claim.space, from: claim.from, hash: '3b5d5c3712955042', state: 'booked' })
const entry = JSON.stringify({ f: 1, org: ORG, at: claim.createdAt, by: 'ann.lee', events: [{ type: 'granted', floor: 'hq-3', space: claim.space, claim, hash: '3b5d5c3712955042' }] })

/** The i-th booking of a desk: checks and writes its space, day, person and claim, on one of six floors; one deadline, one entry, two messages. */
export function booking (i: number): Commit {
  const [desk, floor, name] = [`hq-${i % 6}-d${i}`, `hq-${i % 6}`, `person.${i}`]
  const id = `019b5a00-0000-7000-8000-${String(i).padStart(12, '0')}`
  const keys = [`space/${desk}`, `day/${desk}/2026-11-25`, `person/${name}/2026-11-25`, `claim/${id}`] as const
  return {
    org: ORG,
    epoch: EPOCH,
    at: claim.createdAt,
    checks: keys.map(key => ({ key, version: 0 })),
    writes: [{ key: keys[0], body: space, floor }, { key: keys[1], body: day, floor }, { key: keys[2], body: person, floor: null }, { key: keys[3], body: where, floor: null }],
    due: [{ name: `begins/${ORG}/${id}`, at: claim.from + i % 1_000 }],
    floors: [floor],
    entry,
    messages: [{ topic: `floor/${ORG}/${floor}`, floor, body: space }, { topic: `people/${ORG}`, floor: null, body: where }],
    reserve: false
  }
}

/** Runs `count` calls, always as many at a time as fit, and gives calls per second. The clock stops when the last one is answered. */
export async function perSecond (count: number, call: () => Promise<void>): Promise<number> {
  let left = count
  const caller = async () => {
    while (left-- > 0) await call()
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller))
  return count / (performance.now() - began) * 1_000
}
