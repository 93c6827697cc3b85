import assert from 'node:assert/strict'
import type { Commit, Committed, Freeze, Listener, Store, Topic } from '../../../src/application/ports.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import type { ErrorCode } from '../../../src/domain/errors.ts'
import { shardOf } from '../../../src/domain/ids.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { until } from '../../harness/wait.ts'

/** What the suite runs on: `fresh` gives the store with nothing in it, as a new installation has it. */
export interface Stores {
  fresh (): Promise<Store>
}

/** The outbox of every store here: five entries, two of them kept for releases and deadlines. */
export const LIMITS = { outboxLimit: 5, outboxReserve: 2 }

export const ORG = 'acme'
export const SHARD = shardOf(ORG)
/** Another org of the same shard. */
export const NEIGHBOUR = orgIn(SHARD)
export const ELSEWHERE = orgIn((SHARD + 1) % 64)
export const EPOCH = 7
/** The day the tests take for granted that it has passed. */
export const PAST = Date.UTC(2026, 0, 31)

function orgIn (shard: number): string {
  for (let i = 0; ; i++) {
    if (shardOf(`org-${i}`) === shard) return `org-${i}`
  }
}

/** Freezes, or the test fails. */
export async function frozen (store: Store, epoch: number, { shard = SHARD, keeper = 'k1' } = {}): Promise<{ freeze: Freeze, was: number | null }> {
  const answer = await store.freeze(shard, epoch, keeper)
  assert.ok(answer.frozen, `shard ${shard} is frozen in epoch ${epoch}`)
  return answer
}

/** A recovery with an empty ledger: the shard lives in `epoch`, with nothing in it. */
export async function enliven (store: Store, epoch = EPOCH, shard = SHARD): Promise<Store> {
  const { freeze } = await frozen(store, epoch, { shard })
  await store.clear(freeze)
  await store.thaw(freeze)
  return store
}

export async function live (stores: Stores): Promise<Store> {
  return await enliven(await stores.fresh())
}

/** A commit that does nothing but what is said. */
export function commitOf (parts: Partial<Commit>): Commit {
  return { org: ORG, epoch: EPOCH, at: PAST, checks: [], writes: [], due: [], floors: [], entry: null, messages: [], reserve: false, ...parts }
}

/** Commits, or the test fails. */
export async function done (store: Store, parts: Partial<Commit>): Promise<Committed & { state: 'ok' }> {
  const committed = await store.commit(commitOf(parts))
  assert.ok(committed.state === 'ok', `the commit is done, not ${committed.state}`)
  return committed
}

/** What a topic's subscriber was told so far; `ends` resolves once it was told `body`. */
export async function hear (t: Cleanup, store: Store, topic: Topic, shard = SHARD): Promise<{ told: Array<Parameters<Listener>[0]>, stop (): void, ends (body: string): Promise<void> }> {
  const told: Array<Parameters<Listener>[0]> = []
  const stop = await store.subscribe(shard, topic, message => told.push(message))
  t.after(stop)
  return {
    told,
    stop,
    ends: async body => { await until(() => told.at(-1)?.body === body, { what: `${topic} is told ${body}` }) }
  }
}

/** For assert.rejects. */
export function withCode (code: ErrorCode): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof PerchError, `a PerchError, not ${String(error)}`)
    assert.equal(error.code, code)
    return true
  }
}
