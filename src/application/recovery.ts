import { PerchError } from '../domain/errors.ts'
import type { Millis } from '../domain/time.ts'
import type { LostClaim } from './losses.ts'
import type { Cursor, Freeze, LedgerOrg, ShardState } from './ports.ts'
import { rebuild, type RebuildParts } from './rebuild.ts'
import { parseEntry, upToGap } from './recorder.ts'
import { resync } from './resync.ts'
import type { Turns } from './turns.ts'
import { unrecorded } from './unrecorded.ts'

const DRAIN_BATCH = 500

export interface RecoveryParts extends RebuildParts {
  /** This keeper's id: it stands in the freeze. */
  keeper: string
  now (shard: number): Millis
  /** Shards of this node that are made anew at a time: each holds its claims in memory meanwhile. */
  turns: Turns
  /** These claims were in the store that was made anew, and are not in the ledger. */
  onLost? (shard: number, lost: readonly LostClaim[]): void
  onStep? (shard: number, step: RecoveryStep, detail: Record<string, unknown>): void
}

/**
 * The order that keeps INV-1 and INV-5; leaving out or swapping any of it has lost or doubled claims in the model:
 * raise (Postgres is the fence), freeze (Redis obeys it), drain (what Redis still has and the ledger has not), keep, resync or rebuild, switch (the cursor to the new stream), thaw.
 */
export const RECOVERY_STEPS = ['raise', 'freeze', 'drain', 'keep', 'resync', 'rebuild', 'switch', 'thaw'] as const
export type RecoveryStep = typeof RECOVERY_STEPS[number]

/** `done`: the shard lives in `epoch`. `superseded`: another keeper recovers in a newer epoch. */
export type Recovered = { state: 'done', epoch: number, rebuilt: boolean } | { state: 'superseded' }

/**
 * Bring a shard whose epoch key is missing, frozen or of another server back to life, or one that lives and whose outbox has a gap. May be stopped between any two steps, by a crash
 * or by another keeper doing the same: whoever raised the epoch last wins, all the others' writes are refused.
 * @throws PerchError LEDGER_BEHIND while Postgres is away: the shard stays RECOVERING; RECOVERING when another keeper froze it meanwhile
 */
export async function recover (parts: RecoveryParts, shard: number, state: ShardState): Promise<Recovered> {
  const { store, ledger, keeper } = parts
  const step = (name: RecoveryStep, detail: Record<string, unknown> = {}) => parts.onStep?.(shard, name, detail)

  const raised = await ledger.raiseEpoch(shard, state.state === 'missing' ? 0 : state.epoch)
  step('raise', { epoch: raised.epoch })
  const frozen = await store.freeze(shard, raised.epoch, keeper)
  if (!frozen.frozen) return { state: 'superseded' }
  const { freeze, was } = frozen
  step('freeze', { was })
  const drained = await drain(parts, freeze, raised)
  if (drained === null) return { state: 'superseded' }
  step('drain', { n: drained.cursor.n, refused: drained.refused })

  const settled = await settle(parts, freeze, was, drained, step)
  if (settled === null || !await ledger.switchStream(shard, drained.cursor, settled.n)) return { state: 'superseded' }
  step('switch')
  await store.thaw(freeze)
  step('thaw', { epoch: freeze.epoch })
  return { state: 'done', epoch: freeze.epoch, rebuilt: settled.rebuilt }
}

interface Drained {
  cursor: Cursor
  /** Commits that the ledger would not take. */
  refused: number
}

/**
 * Step 4: from here on store and ledger say the same. A store of the cursor's own history is kept: its stream is the cursor's, or one that the ledger has lost (Postgres was set back:
 * it raises an epoch before any store lives in it, so no store is ever ahead of it but then). If it has commits that the ledger has not, these go there; if each of them has
 * something that the other lacks, or the ledger refused a commit, what is in Postgres counts (INV-5) and the store is made anew. Null: a later recovery began.
 */
async function settle (parts: RecoveryParts, freeze: Freeze, was: number | null, { cursor, refused }: Drained, step: (name: RecoveryStep, detail: Record<string, unknown>) => void): Promise<{ n: number, rebuilt: boolean } | null> {
  const { store, ledger } = parts
  const now = parts.now(freeze.shard)
  const [there, orgs] = [await store.positions(freeze), await ledger.orgs(freeze.shard)]
  const { ahead, behind } = compare(there.seqs, orgs)
  if (was !== null && was >= cursor.stream && refused === 0 && behind === 0) {
    if (ahead === 0) {
      step('keep', {})
      return { n: there.n, rebuilt: false }
    }
    const resynced = await resync(parts, freeze, cursor, orgs, there.seqs, now)
    if (resynced.state === 'moved') return null
    if (resynced.state === 'done') {
      step('resync', { floors: ahead, claims: resynced.claims, spaces: resynced.spaces })
      return { n: there.n, rebuilt: false }
    }
  }
  const trimmed = was !== null && was >= cursor.stream && ahead > 0
  const lost = await unrecorded(parts, freeze, was, cursor, trimmed).catch((error: unknown) => {
    // An entry that this release cannot read must not keep the shard from living.
    if (error instanceof PerchError) throw error
    return []
  })
  await parts.turns.take(async () => await rebuild(parts, freeze, orgs, cursor.n, now))
  // A claim that was refused a change stands there again as it was before: that one is not to be revoked (INV-5).
  await ledger.revoked(freeze.shard, cursor)
  step('rebuild', { floorsAhead: ahead, lost: lost.length })
  parts.onLost?.(freeze.shard, lost)
  return { n: cursor.n, rebuilt: true }
}

/** Only the stream that the cursor names: any other belongs to a history that the ledger has not followed. Up to a gap, if there is one. Null: somebody else moved the cursor. */
async function drain ({ store, ledger }: RecoveryParts, freeze: Freeze, from: Cursor): Promise<Drained | null> {
  let cursor = from
  let refused = 0
  for (;;) {
    const entries = upToGap(await store.drain(freeze, cursor.stream, cursor.n, DRAIN_BATCH), cursor.n).map(parseEntry)
    const last = entries.at(-1)
    if (last === undefined) return { cursor, refused }
    const recorded = await ledger.record(freeze.shard, cursor, entries)
    if (recorded.state === 'moved') return null
    refused += recorded.quarantined.length
    if (recorded.state === 'gap') return { cursor: { ...cursor, n: recorded.n }, refused }
    cursor = { ...cursor, n: last.n }
  }
}

/** On how many floors the store has come further than the ledger, and on how many the ledger has. */
function compare (there: ReadonlyMap<string, number>, orgs: readonly LedgerOrg[]): { ahead: number, behind: number } {
  const recorded = new Map<string, number>(orgs.flatMap(({ org, seqs }) => Array.from(seqs, ([floor, seq]) => [`${org}/${floor}`, seq] as const)))
  return {
    ahead: [...there].filter(([floor, seq]) => seq > (recorded.get(floor) ?? 0)).length,
    behind: [...recorded].filter(([floor, seq]) => seq > (there.get(floor) ?? 0)).length
  }
}
