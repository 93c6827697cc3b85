import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { redisStore } from '../../src/adapters/redis/store.ts'
import type { Commit, Freeze, Listener, Store, Topic } from '../../src/application/ports.ts'
import { PerchError } from '../../src/domain/errors.ts'
import type { Key } from '../../src/domain/keys.ts'
import { seeded } from '../harness/random.ts'
import { startRedis } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { LIMITS, NEIGHBOUR, ORG, SHARD } from './store/office.ts'

const STEPS = 2_000
const ANSWERS = ['conflict', 'frozen', 'full', 'live', 'ok', 'stale']
/** Commits are for moments that no clock has come to: so the shard's clock stands at the last commit, the same in both stores. */
const FAR = Date.UTC(2150, 0, 1)
const LONG_MS = 600_000

const orgs = [ORG, NEIGHBOUR] as const
const keepers = ['k1', 'k2'] as const
const floors = ['hq-1', 'hq-2', 'hq-3']
const keys: Key[] = ['floor/hq-1', 'space/d1', 'space/d2', 'day/d1/2150-01-01', 'day/d2/2150-01-01', 'person/ann/2150-01-01', 'claim/c1', 'claim/c2']
const listened: Topic[] = ['floor/acme/hq-1', 'people/acme', 'ledger', 'keeper']
const names = ['over/acme/c1', 'over/acme/c2', 'begins/acme/c1', 'no-show/acme/c1']

/** A call with its arguments fixed, for one store and then for the other. `org`: whose records the answer shows. */
interface Step {
  what: string
  org?: string
  run (store: Store): Promise<unknown>
}

/** Makes steps that mostly make sense: of the newest epoch known, with versions as they were last read. */
class Author {
  readonly #random: () => number
  readonly #versions = new Map<string, number>()
  #epoch = 1
  #highest = 1
  #n = 0
  #moment = FAR
  #freeze: Freeze = { shard: SHARD, epoch: 0, keeper: 'k1' }
  #frozen = false

  constructor (seed: number) {
    this.#random = seeded(seed)
  }

  next (): Step {
    if (this.#frozen && this.#random() < 0.3) return this.#recover()
    const weighted: Array<[number, () => Step]> = [
      [50, () => this.#commit()], [20, () => this.#read()], [10, () => this.#outbox()], [5, () => this.#due()],
      [4, () => this.#lease()], [2, () => this.#recover()], [2, () => this.#freezing()]
    ]
    let left = this.#random() * weighted.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, make] of weighted) {
      if ((left -= weight) < 0) return make()
    }
    return this.#read()
  }

  /** What an answer teaches: versions and epochs for the steps to come. */
  learn ({ org, what }: Step, answer: unknown): void {
    if (what === 'thaw' && answer === undefined) [this.#frozen, this.#epoch] = [false, this.#freeze.epoch]
    if (typeof answer !== 'object' || answer === null) return
    if (froze(answer)) [this.#frozen, this.#freeze] = [true, answer.freeze]
    if ('n' in answer && typeof answer.n === 'number') this.#n = answer.n
    const records = 'records' in answer ? answer.records : 'current' in answer ? answer.current : undefined
    if (!(records instanceof Map)) return
    for (const [key, stored] of records) this.#versions.set(`${org}/${key}`, stored.version)
  }

  #below (limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #one<T> (of: readonly [T, ...T[]]): T {
    return of[this.#below(of.length)] ?? of[0]
  }

  #some<T> (of: readonly T[]): T[] {
    return of.filter(() => this.#random() < 0.4)
  }

  #commit (): Step {
    const touched = this.#some(floors)
    const floorOf = () => this.#one([null, ...touched])
    this.#moment += this.#below(50) - 10
    const org = this.#one(orgs)
    const checks = this.#some(keys).map(key => ({ key, version: this.#below(30) === 0 ? this.#n : this.#versions.get(`${org}/${key}`) ?? 0 })).slice(0, 2)
    const found = (key: Key) => checks.some(check => check.key === key && check.version > 0)
    const commit: Commit = {
      org,
      epoch: this.#below(20) === 0 ? this.#epoch - 1 : this.#epoch,
      at: this.#moment,
      checks,
      writes: this.#some(keys).map(key => found(key) && this.#below(2) === 0
        ? { key, addition: `a${this.#below(1000)}`, floor: floorOf() }
        : { key, body: this.#below(5) === 0 ? null : `b${this.#below(1000)}`, floor: floorOf() }),
      due: this.#some(names).map(name => ({ name, at: this.#below(4) === 0 ? null : this.#moment + this.#below(100) - 50 })),
      floors: touched,
      entry: this.#below(3) === 0 ? null : `e${this.#below(1000)}`,
      messages: this.#some(listened).map(topic => ({ topic, floor: floorOf(), body: `m${this.#below(1000)}` })),
      reserve: this.#below(2) === 0
    }
    return { what: `commit ${JSON.stringify(commit)}`, org, run: store => store.commit(commit) }
  }

  #read (): Step {
    const [org, wanted, seqs] = [this.#one(orgs), this.#some(keys), this.#some(floors)]
    return { what: `read ${org} ${wanted.join()} ${seqs.join()}`, org, run: store => store.read(org, wanted, seqs) }
  }

  #outbox (): Step {
    const [stream, n, limit] = [this.#epoch - this.#below(2), Math.max(this.#n - this.#below(6), 0), this.#below(5)]
    return this.#one<Step>([
      { what: `trimOutbox ${stream} ${n}`, run: store => store.trimOutbox(SHARD, stream, n) },
      { what: `trimOutbox ${stream} ${n}`, run: store => store.trimOutbox(SHARD, stream, n) },
      { what: `outbox ${stream} ${n} ${limit}`, run: store => store.outbox(SHARD, stream, n, limit) },
      { what: `gap ${stream} ${n}`, run: store => store.gap(SHARD, stream, n) },
      { what: `outboxLength ${stream}`, run: store => store.outboxLength(SHARD, stream) }
    ])
  }

  #due (): Step {
    const limit = 1 + this.#below(3)
    return { what: `due ${limit}`, run: store => store.due(SHARD, limit) }
  }

  #lease (): Step {
    const holder = this.#one(keepers)
    return this.#one<Step>([
      { what: `lease ${holder}`, run: store => store.lease(SHARD, holder, LONG_MS) },
      { what: `endLease ${holder}`, run: store => store.endLease(SHARD, holder) },
      { what: `heartbeat ${holder}`, run: store => store.heartbeat(holder, LONG_MS) },
      { what: `leave ${holder}`, run: store => store.leave(holder) }
    ])
  }

  #freezing (): Step {
    const [epoch, keeper] = [this.#highest + this.#below(4) - 1, this.#one(keepers)]
    this.#highest = Math.max(this.#highest, epoch)
    return { what: `freeze ${epoch} ${keeper}`, run: store => store.freeze(SHARD, epoch, keeper) }
  }

  #recover (): Step {
    const freeze = this.#below(10) === 0 ? { ...this.#freeze, keeper: this.#one(keepers) } : this.#freeze
    const part = {
      records: this.#some(keys).map(key => ({ org: ORG, key, stored: { version: 1 + this.#below(9), body: 'loaded' } })),
      due: this.#some(names).map(name => ({ name, at: this.#moment + this.#below(100) - 50 })),
      seqs: new Map(this.#some(floors).map(floor => [`${ORG}/${floor}`, this.#below(100)])),
      n: this.#n + this.#below(5)
    }
    return this.#one<Step>([
      { what: 'thaw', run: store => store.thaw(freeze) },
      { what: 'thaw', run: store => store.thaw(freeze) },
      { what: 'thaw', run: store => store.thaw(freeze) },
      { what: 'clear', run: store => store.clear(freeze) },
      { what: `load ${JSON.stringify({ ...part, seqs: [...part.seqs] })}`, run: store => store.load(freeze, part) },
      { what: 'positions', run: store => store.positions(freeze) },
      { what: 'state', run: store => store.state(SHARD) }
    ])
  }
}

function froze (answer: object): answer is { freeze: Freeze } {
  return 'frozen' in answer && answer.frozen === true
}

/** An answer, or the code of the error in its place. */
async function outcome (run: Promise<unknown>): Promise<unknown> {
  try {
    return await run
  } catch (error) {
    if (error instanceof PerchError) return { thrown: error.code }
    throw error
  }
}

async function recorder (store: Store): Promise<Map<Topic, unknown[]>> {
  const told = new Map<Topic, unknown[]>()
  for (const topic of listened) {
    const messages: Array<Parameters<Listener>[0]> = []
    told.set(topic, messages)
    await store.subscribe(SHARD, topic, message => messages.push(message))
  }
  return told
}

test('memory and Redis give the same answers and messages to the same 2,000 calls and more', async t => {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const server = await startRedis(t)
  const [memory, redis] = [memoryStore({ now: Date.now, ...LIMITS }), redisStore({ url: server.url, ...LIMITS })]
  t.after(() => redis.close())
  const told = [await recorder(memory), await recorder(redis)]
  const author = new Author(seed)
  const story: string[] = []

  const opening = { org: ORG, epoch: 1, at: FAR, checks: [], writes: [], due: [], floors: [], entry: null, messages: [], reserve: false }
  for (const store of [memory, redis]) {
    const answer = await store.freeze(SHARD, 1, 'k1')
    assert.ok(answer.frozen)
    await store.thaw(answer.freeze)
    await store.commit(opening)
  }
  const states = new Set<string>()
  // On and on, should chance have left an answer out.
  for (let i = 0; i < STEPS || (states.size < ANSWERS.length && i < 10 * STEPS); i++) {
    const step = author.next()
    story.push(step.what)
    const [ours, theirs] = [await outcome(step.run(memory)), await outcome(step.run(redis))]
    assert.deepEqual(theirs, ours, `SEED=${seed} differs at step ${i}:\n${story.slice(-30).join('\n')}`)
    author.learn(step, ours)
    if (typeof ours === 'object' && ours !== null && 'state' in ours) states.add(String(ours.state))
  }
  for (const store of [memory, redis]) {
    for (const topic of listened) await store.announce(SHARD, topic, 0, 'end')
  }
  const ended = (log: Map<Topic, unknown[]>) => [...log.values()].every(messages => JSON.stringify(messages.at(-1))?.includes('"end"'))
  await until(() => told.every(ended), { what: 'every topic is told the end' })
  assert.deepEqual(told[1], told[0], `SEED=${seed}: the messages differ`)
  assert.deepEqual([...states].sort(), ANSWERS, `SEED=${seed}: every answer came up`)
})
