import type { Log } from '../application/log.ts'
import type { NodeWatch } from '../application/node.ts'
import { PerchError } from '../domain/errors.ts'
import type { Clock } from '../application/ports.ts'

/** One line of the same trouble in this time: an outage touches 64 shards at once, many times a second. */
const SAY_AGAIN_MS = 5_000

/** One line of progress in this time, of whatever shard. */
const PROGRESS_MS = 2_000
/** Ids in one line of a log. */
const MOST_NAMED = 100

/** What a node's pieces tell, as log lines and metrics. */
export function nodeWatch (log: Log, metrics: NodeWatch, clock: Clock): NodeWatch {
  const saidAt = new Map<string, number>()
  /** Of shards that are being made anew: what is done. */
  const rebuilt = new Map<number, { spaces: number, claims: number }>()
  let toldAt = -Infinity
  return {
    ...metrics,
    trouble (piece, shard, error) {
      metrics.trouble(piece, shard, error)
      const code = error instanceof PerchError ? error.code : 'INTERNAL'
      const key = `${piece} ${code}`
      if (clock.monotonic() - (saidAt.get(key) ?? -Infinity) < SAY_AGAIN_MS) return
      saidAt.set(key, clock.monotonic())
      // The recovery tells of itself; whoever starts a node shall not be alarmed by it.
      if (code === 'RECOVERING') log.info({ shard, code }, `${piece}: waits for the recovery`)
      else log.warn({ shard, code, err: error }, `${piece}: trouble`)
    },
    recovery (shard, step, detail) {
      metrics.recovery(shard, step, detail)
      if (step === 'freeze' || step === 'rebuild') rebuilt.delete(shard)
      const ahead = detail['floorsAhead']
      if (step === 'resync') log.error({ shard, ...detail }, 'recovery: the ledger had lost what the store still has, and got it back: the outbox was trimmed by force, or Postgres set back')
      else if (typeof ahead === 'number' && ahead > 0) log.error({ shard, step, ...detail }, 'recovery: the store was ahead of the ledger: commits are lost, or Postgres was restored from a backup')
      else if (typeof detail['refused'] === 'number' && detail['refused'] > 0) log.error({ shard, step, ...detail }, 'recovery: commits would break a constraint; they are in quarantine')
      else log.info({ shard, step, ...detail }, 'recovery')
    },
    rebuilding (shard, what) {
      metrics.rebuilding(shard, what)
      const { spaces, claims } = rebuilt.get(shard) ?? { spaces: 0, claims: 0 }
      rebuilt.set(shard, { spaces: spaces + what.spaces, claims: claims + what.claims })
      if (clock.monotonic() - toldAt < PROGRESS_MS) return
      toldAt = clock.monotonic()
      log.info({ shard, ...rebuilt.get(shard), left: what.left }, 'recovery: making the shard anew')
    },
    quarantined (org, claims) {
      metrics.quarantined(org, claims)
      log.error({ org, claims }, 'ledger: a commit would break a constraint; it is in quarantine and its claims are revoked')
    },
    lost (shard, by, claims) {
      metrics.lost(shard, by, claims)
      log.error({ shard, by, lost: claims.length, claims: claims.slice(0, MOST_NAMED) }, 'claims that were answered "persisted: false" are lost; their holders are told')
    },
    forgotten (answers) {
      metrics.forgotten(answers)
      log.warn({ answers }, 'more answers wait for the ledger than are remembered: claims of these would be lost unnoticed')
    },
    clockJumped (shard, byMs) {
      metrics.clockJumped(shard, byMs)
      log.error({ shard, byMs: Math.round(byMs) }, 'clock: the store\'s or this machine\'s clock jumped')
    },
    interrupted (shard, fromAt, toAt) {
      metrics.interrupted(shard, fromAt, toAt)
      log.warn({ shard, seconds: Math.round((toAt - fromAt) / 1000) }, 'served: nobody could check in for a while; nobody is a no-show before everyone has had their grace anew')
    }
  }
}
