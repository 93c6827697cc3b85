import assert from 'node:assert/strict'
import { test } from 'tap'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import { createLedger } from '../../../src/adapters/postgres/ledger.ts'
import { openPool } from '../../../src/adapters/postgres/pool.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import type { Ledger, Store } from '../../../src/application/ports.ts'
import { Recorder } from '../../../src/application/recorder.ts'
import type { Claim } from '../../../src/domain/claim.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { ADMIN, openCore, openDatabase, placeFloor, rowOfDesks, SHARD } from '../../harness/core.ts'
import { until } from '../../harness/wait.ts'
import { openLink, type Link } from '../link.ts'
import { operatorOf } from './ledger-rows.ts'

const CLAIMS = 5

/** A shard that lives, with claims in its outbox that nobody records by himself. */
class Scene {
  readonly store: Store
  readonly #near: Ledger
  readonly #far: Ledger
  /** Between the first recorder and Postgres. */
  readonly link: Link
  readonly #database: string
  readonly #claims: readonly Claim[]
  readonly #t: Cleanup

  private constructor (t: Cleanup, parts: { store: Store, near: Ledger, far: Ledger, link: Link, database: string, claims: readonly Claim[] }) {
    this.#t = t
    this.store = parts.store
    this.#near = parts.near
    this.#far = parts.far
    this.link = parts.link
    this.#database = parts.database
    this.#claims = parts.claims
  }

  static async open (t: Cleanup): Promise<Scene> {
    const { ledger: near, directory, url } = await openDatabase(t)
    const link = await openLink(Number(new URL(url).port))
    const over = new URL(url)
    over.port = String(link.port)
    const pool = openPool({ connection: over.href, max: 1, statementTimeoutMs: 10_000, onError: () => {} })
    t.after(async () => {
      await link.close()
      await pool.end()
    })
    const store = memoryStore({ now: () => Date.now(), outboxLimit: 10_000, outboxReserve: 0 })
    const keeper = await openCore(t, { store, ledger: near, directory })
    await until(async () => (await store.state(SHARD)).state === 'live', { what: 'the shard lives' })
    await placeFloor(keeper, directory, rowOfDesks('f1', CLAIMS))
    await keeper.stop()
    const { commands } = await openCore(t, { store, ledger: near, directory, id: 'node-2', keeps: [] })
    const claims = await Promise.all(Array.from({ length: CLAIMS }, async (_, i) => (await commands.claim(ADMIN, { space: `f1-d${i}`, person: `p${i}`, await: 'accepted' })).claim))
    return new Scene(t, { store, near, far: createLedger(pool), link, database: url, claims })
  }

  /** `far`: over the link. */
  async recorder (ledger: 'near' | 'far'): Promise<{ recorder: Recorder, troubles: unknown[], moved (): boolean }> {
    const troubles: unknown[] = []
    let moved = false
    const recorder = new Recorder({
      store: this.store,
      ledger: ledger === 'near' ? this.#near : this.#far,
      clock: systemClock(),
      onQuarantined: async () => { assert.fail('nothing is set aside') },
      onConfirmed: async () => {},
      onTrouble: (_, error) => troubles.push(error)
    }, SHARD, await this.#near.cursor(SHARD), () => { moved = true })
    this.#t.after(async () => {
      this.link.heal()
      await recorder.stop()
    })
    return { recorder, troubles, moved: () => moved }
  }

  /** How often each claim's grant stands in the ledger. */
  async grants (): Promise<number[]> {
    const operator = await operatorOf(this.#t, this.#database)
    const { rows } = await operator.query<{ claim: string }>("select claim from perch.events where type = 'granted'")
    return this.#claims.map(({ id }) => rows.filter(({ claim }) => claim === id).length)
  }
}

const records = (request: Buffer): boolean => request.includes('perch-record')
const ONCE = Array.from({ length: CLAIMS }, () => 1)

test('a recorder that is killed between its COMMIT and the answer has stored everything, and the next one goes on behind it (INV-5)', async t => {
  const scene = await Scene.open(t)
  const killed = await scene.recorder('far')
  const dropped = scene.link.dropReply(records)
  // What it would do next it cannot: a process that was killed asks nobody.
  killed.recorder.wake()
  await dropped
  scene.link.blackhole()
  assert.deepEqual(await scene.grants(), ONCE)
  const next = await scene.recorder('near')
  await next.recorder.drain()
  assert.deepEqual(next.troubles, [])
  assert.deepEqual(await scene.grants(), ONCE)
})

test('a recorder that is killed before its COMMIT has stored nothing, and the next one stores everything (INV-5)', async t => {
  const scene = await Scene.open(t)
  const killed = await scene.recorder('far')
  scene.link.blackhole('there')
  killed.recorder.wake()
  assert.deepEqual(await scene.grants(), ONCE.map(() => 0))
  const next = await scene.recorder('near')
  await next.recorder.drain()
  assert.deepEqual(await scene.grants(), ONCE)
})

test('a zombie recorder whose statement arrives after another one has recorded writes nothing, and ends (INV-5)', async t => {
  const scene = await Scene.open(t)
  const zombie = await scene.recorder('far')
  scene.link.blackhole('there')
  zombie.recorder.wake()
  const next = await scene.recorder('near')
  await next.recorder.drain()
  scene.link.heal()
  await until(zombie.moved, { what: 'the zombie has been told' })
  assert.deepEqual(zombie.troubles, [])
  assert.deepEqual(await scene.grants(), ONCE)
})
