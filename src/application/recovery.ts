import type { Millis } from '../domain/time.ts'
import type { Cursor, Freeze, ShardState } from './ports.ts'
import { rebuild, type RebuildParts } from './rebuild.ts'
import { parseEntry } from './recorder.ts'

const DRAIN_BATCH = 500

export interface RecoveryParts extends RebuildParts {
  /** This keeper's id: it stands in the freeze. */
  keeper: string
  now (shard: number): Millis
  onStep? (shard: number, step: RecoveryStep, detail: Record<string, unknown>): void
}

/**
 * The order that keeps INV-1 and INV-5; leaving out or swapping any of it has lost or doubled claims in the model:
 * raise (Postgres is the fence), freeze (Redis obeys it), drain (what Redis still has and the ledger has not), keep or rebuild, switch (the cursor to the new stream), thaw.
 */
export const RECOVERY_STEPS = ['raise', 'freeze', 'drain', 'keep', 'rebuild', 'switch', 'thaw'] as const
export type RecoveryStep = typeof RECOVERY_STEPS[number]

/** `done`: the shard lives in `epoch`. `superseded`: another keeper recovers in a newer epoch. */
export type Recovered = { state: 'done', epoch: number, rebuilt: boolean } | { state: 'superseded' }

/**
 * Bring a shard whose epoch key is missing, frozen or of another server back to life. May be stopped between any two steps, by a crash or by another keeper doing the same:
 * whoever raised the epoch last wins, all the others' writes are refused.
 * @throws PerchError LEDGER_BEHIND while Postgres is away: the shard stays RECOVERING; RECOVERING when another keeper froze it meanwhile
 */
export async function recover (parts: RecoveryParts, shard: number, state: ShardState): Promise<Recovered> {
  const { store, ledger, keeper } = parts
  const step = (name: RecoveryStep, detail: Record<string, unknown> = {}) => parts.onStep?.(shard, name, detail)

  let cursor = await ledger.raiseEpoch(shard, state.state === 'missing' ? 0 : state.epoch)
  step('raise', { epoch: cursor.epoch })
  const frozen = await store.freeze(shard, cursor.epoch, keeper)
  if (!frozen.frozen) return { state: 'superseded' }
  const { freeze, was } = frozen
  step('freeze', { was })
  const drained = await drain(parts, freeze, cursor)
  if (drained === null) return { state: 'superseded' }
  cursor = drained.cursor
  step('drain', { n: cursor.n, refused: drained.refused })

  // What the ledger refused to take still stands in the store: it goes by making the store anew.
  const found = await compare(parts, freeze)
  const n = drained.refused === 0 && was === cursor.stream && found.same ? found.n : null
  if (n === null) {
    await rebuild(parts, freeze, cursor.n, parts.now(shard))
    // A claim that was refused a change stands there again as it was before: that one is not to be revoked (INV-5).
    await ledger.revoked(shard, cursor)
  }
  // A store that was ahead of the ledger means that history was lost on the ledger's side: whoever runs this wants to know.
  step(n === null ? 'rebuild' : 'keep', { floorsAhead: found.ahead })
  if (!await ledger.switchStream(shard, cursor, n ?? cursor.n)) return { state: 'superseded' }
  step('switch')
  await store.thaw(freeze)
  step('thaw', { epoch: freeze.epoch })
  return { state: 'done', epoch: freeze.epoch, rebuilt: n === null }
}

/** Only the stream that the cursor names: any other belongs to a history that the ledger has not followed. Null: somebody else moved the cursor. */
async function drain ({ store, ledger }: RecoveryParts, freeze: Freeze, from: Cursor): Promise<{ cursor: Cursor, refused: number } | null> {
  let cursor = from
  let refused = 0
  for (;;) {
    const entries = (await store.drain(freeze, cursor.stream, cursor.n, DRAIN_BATCH)).map(parseEntry)
    const last = entries.at(-1)
    if (last === undefined) return { cursor, refused }
    const recorded = await ledger.record(freeze.shard, cursor, entries)
    if (recorded.state === 'moved') return null
    refused += recorded.quarantined.length
    cursor = { ...cursor, n: last.n }
  }
}

/** The store's floors against the ledger's: the same, or how many are ahead. `n` is the store's last commit. */
async function compare ({ store, ledger }: RecoveryParts, freeze: Freeze): Promise<{ same: boolean, ahead: number, n: number }> {
  const there = await store.positions(freeze)
  const recorded = new Map<string, number>((await ledger.orgs(freeze.shard)).flatMap(({ org, seqs }) => Array.from(seqs, ([floor, seq]) => [`${org}/${floor}`, seq] as const)))
  const floors = [...there.seqs]
  return {
    same: there.seqs.size === recorded.size && floors.every(([floor, seq]) => recorded.get(floor) === seq),
    ahead: floors.filter(([floor, seq]) => seq > (recorded.get(floor) ?? 0)).length,
    n: there.n
  }
}
