import assert from 'node:assert/strict'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { redisStore } from '../../src/adapters/redis/store.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import type { PerchNode } from '../../src/application/node.ts'
import type { Ledger, Store } from '../../src/application/ports.ts'
import { parseEntry } from '../../src/application/recorder.ts'
import { Turns } from '../../src/application/turns.ts'
import { recover, type Recovered } from '../../src/application/recovery.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { PerchError } from '../../src/domain/errors.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { ADMIN, openCore, openDatabase, ORG, placeFloor, rowOfDesks, SHARD, type Database } from '../harness/core.ts'
import { startRedis, type RedisServer } from '../harness/redis.ts'

/** A node without a keeper: what a keeper does, the tests do step by step. */
class Scene {
  readonly database: Database
  readonly redis: RedisServer
  readonly store: Store
  readonly node: PerchNode
  /** Claims that were answered as granted, by id; the ledger had them when `record` was called after. */
  readonly persisted = new Map<string, Claim>()
  #provisional: Claim[] = []
  #next = 0
  readonly #steps: string[] = []

  private constructor (database: Database, redis: RedisServer, store: Store, node: PerchNode) {
    this.database = database
    this.redis = redis
    this.store = store
    this.node = node
  }

  static async open (t: Cleanup): Promise<Scene> {
    const database = await openDatabase(t)
    const redis = await startRedis(t, { appendonly: true })
    const store = redisStore({ url: redis.url })
    t.after(async () => { await store.close() })
    const scene = new Scene(database, redis, store, await openCore(t, { ...database, store, keeps: [] }))
    await scene.recover()
    await placeFloor(scene.node, database.directory, rowOfDesks('f1', 60))
    return scene
  }

  async recover (ledger: Ledger = this.database.ledger, store: Store = this.store, keeper = 'k'): Promise<Recovered> {
    const { directory } = this.database
    const cached = cachedDirectory({ directory, calendars: luxonCalendars(), clock: systemClock() })
    return await recover({ store, ledger, directory, siteRules: async (org, site) => await cached.place(org, site), keeper, turns: new Turns(1), now: () => Date.now(), onStep: (_, step) => this.#steps.push(step) }, SHARD, await store.state(SHARD))
  }

  /** Redis is back, and this node has noticed. */
  async restart (): Promise<void> {
    await this.redis.restart()
    await patiently(async () => await this.store.ping())
  }

  /** The next person takes the next desk. */
  async claim (): Promise<Claim> {
    const i = this.#next++
    const { claim } = await patiently(async () => await this.node.commands.claim(ADMIN, { space: `f1-d${i}`, person: `p${i}`, await: 'accepted' }))
    this.#provisional.push(claim)
    return claim
  }

  /** What a recorder does: from here on these claims are persisted. */
  async record (): Promise<void> {
    const cursor = await this.database.ledger.cursor(SHARD)
    const entries = (await this.store.outbox(SHARD, cursor.stream, cursor.n, 1_000).catch(noneIfElsewhere)).map(parseEntry)
    if (entries.length > 0 && (await this.database.ledger.record(SHARD, cursor, entries)).state !== 'recorded') return
    for (const claim of this.#provisional.splice(0)) this.persisted.set(claim.id, claim)
  }

  /** Everything that is not as promised after a recovery. */
  async broken (survivors: readonly Claim[] = []): Promise<string[]> {
    const state = await this.store.state(SHARD)
    if (state.state !== 'live') return [`the shard is ${state.state}`]
    const found: string[] = []
    if (this.#steps.includes('resync')) found.push('the ledger was given what no entry had told it')
    for (const claim of [...this.persisted.values(), ...survivors]) {
      const live = await patiently(async () => await this.node.commands.claims(ADMIN, { space: claim.space })).catch(unknownSpace)
      if (!live.some(({ id }) => id === claim.id)) found.push(`${claim.space} has lost its claim in the store`)
      if (await this.database.ledger.claim(ORG, claim.id) === null) found.push(`${claim.space} has lost its claim in the ledger`)
    }
    const fresh = await this.claim().catch(unknownSpace)
    if (!('id' in fresh)) return [...found, 'the spaces are gone']
    await this.record()
    if (await this.database.ledger.claim(ORG, fresh.id) === null) found.push('a new claim does not reach the ledger')
    return found
  }
}

/** The ledger's stream is not that of the epoch that lives: nothing is recorded. */
function noneIfElsewhere (error: unknown): [] {
  assert.ok(error instanceof PerchError && error.code === 'RECOVERING', String(error))
  return []
}

/** As good as no claims. */
function unknownSpace (error: unknown): [] {
  assert.ok(error instanceof PerchError && error.code === 'SPACE_UNKNOWN', String(error))
  return []
}

async function patiently<T> (run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof PerchError) || error.code !== 'RECOVERING' || tries > 200) throw error
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
}

/** Redis comes back with all it had, and with entries that no recorder has seen. */
async function restarted (t: Cleanup): Promise<[Scene, Claim[]]> {
  const scene = await Scene.open(t)
  await scene.claim()
  await scene.record()
  const survivors = [await scene.claim(), await scene.claim()]
  await scene.restart()
  return [scene, survivors]
}

/** Redis comes back as it was some persisted claims ago. */
async function rolledBack (t: Cleanup): Promise<[Scene, Claim[]]> {
  const scene = await Scene.open(t)
  await scene.claim()
  await scene.record()
  const { dir } = scene.redis
  await cp(join(dir, 'appendonlydir'), join(dir, 'backup'), { recursive: true })
  for (let i = 0; i < 5; i++) await scene.claim()
  await scene.record()
  await scene.redis.kill()
  await rm(join(dir, 'appendonlydir'), { recursive: true })
  await cp(join(dir, 'backup'), join(dir, 'appendonlydir'), { recursive: true })
  await scene.restart()
  return [scene, []]
}

/** Redis comes back with nothing. */
async function emptied (t: Cleanup): Promise<[Scene, Claim[]]> {
  const scene = await Scene.open(t)
  for (let i = 0; i < 5; i++) await scene.claim()
  await scene.record()
  await scene.redis.kill()
  await rm(join(scene.redis.dir, 'appendonlydir'), { recursive: true })
  await scene.restart()
  return [scene, []]
}

for (const [what, happens] of Object.entries({ restarted, 'rolled back': rolledBack, emptied })) {
  test(`after Redis is ${what} every claim that survived or was persisted is there`, async t => {
    const [scene, survivors] = await happens(t)
    assert.equal((await patiently(async () => await scene.recover())).state, 'done')
    assert.deepEqual(await scene.broken(survivors), [])
  })
}

/** The ports of a recovery that leaves one step out, saying that it was done. */
const WITHOUT: Record<string, { ledger?: (ledger: Ledger) => Partial<Ledger>, store?: (store: Store) => Partial<Store>, after: typeof restarted }> = {
  'raising the epoch': {
    ledger: ledger => ({ raiseEpoch: async shard => ({ ...await ledger.cursor(shard), epoch: (await ledger.cursor(shard)).epoch + 1 }) }),
    after: rolledBack
  },
  freezing: {
    store: () => ({ freeze: async (shard, epoch, keeper) => ({ frozen: true, freeze: { shard, epoch, keeper }, was: epoch - 1 }) }),
    after: rolledBack
  },
  draining: { store: () => ({ drain: async () => [] }), after: restarted },
  'comparing the store with the ledger': {
    store: store => ({
      positions: async freeze => ({ n: (await store.positions(freeze)).n, seqs: new Map([[`${ORG}/f1`, 6]]) }),
      clear: async () => {},
      load: async () => {}
    }),
    after: rolledBack
  },
  rebuilding: { store: () => ({ load: async () => {} }), after: emptied },
  'switching the stream': { ledger: () => ({ switchStream: async () => true }), after: rolledBack },
  thawing: { store: () => ({ thaw: async () => {} }), after: rolledBack }
}

for (const [step, { ledger, store, after }] of Object.entries(WITHOUT)) {
  test(`a recovery without ${step} is noticed`, async t => {
    const [scene, survivors] = await after(t)
    const without = scene.recover(
      { ...scene.database.ledger, ...ledger?.(scene.database.ledger) },
      { ...scene.store, ...store?.(scene.store) }
    )
    await without.catch((error: unknown) => assert.ok(error instanceof PerchError))
    assert.notDeepEqual(await scene.broken(survivors), [])
  })
}

/** Runs `meanwhile` once, just before the port's member is called the first time. */
function interrupted<P extends object> (port: P, member: keyof P, meanwhile: () => Promise<void>): P {
  let done = false
  return new Proxy(port, {
    get (target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (name !== member || typeof value !== 'function') return value
      return async (...given: unknown[]) => {
        if (!done) {
          done = true
          await meanwhile()
        }
        return Reflect.apply(value, target, given)
      }
    }
  })
}

for (const [port, member] of [
  ['store', 'freeze'], ['store', 'drain'], ['store', 'positions'], ['store', 'clear'], ['ledger', 'claimsToLoad'], ['store', 'load'], ['ledger', 'switchStream'], ['store', 'thaw']
] as const) {
  test(`a keeper that sleeps before ${member} while another recovers does no harm`, async t => {
    const [scene] = await emptied(t)
    const meanwhile = async () => {
      assert.equal((await scene.recover(scene.database.ledger, scene.store, 'other')).state, 'done')
      await scene.claim()
      await scene.record()
    }
    const { ledger } = scene.database
    const late = await scene.recover(
      port === 'ledger' ? interrupted(ledger, member as 'switchStream', meanwhile) : ledger,
      port === 'store' ? interrupted(scene.store, member as 'thaw', meanwhile) : scene.store
    ).catch((error: unknown) => {
      assert.ok(error instanceof PerchError && error.code === 'RECOVERING', String(error))
      return { state: 'superseded' as const }
    })
    assert.equal(late.state, 'superseded')
    assert.deepEqual(await scene.broken(), [])
  })
}

test('a recorder that slept through a recovery writes nothing', async t => {
  const scene = await Scene.open(t)
  const cursor = await scene.database.ledger.cursor(SHARD)
  const lost = await scene.claim()
  const batch = (await scene.store.outbox(SHARD, cursor.stream, cursor.n, 100)).map(parseEntry)
  await scene.redis.kill()
  await rm(join(scene.redis.dir, 'appendonlydir'), { recursive: true })
  await scene.restart()
  await patiently(async () => await scene.recover())
  assert.equal((await scene.database.ledger.record(SHARD, cursor, batch)).state, 'moved')
  assert.equal(await scene.database.ledger.claim(ORG, lost.id), null)
})
