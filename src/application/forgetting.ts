import { shardOf, type OrgId } from '../domain/ids.ts'
import { effectivePolicy } from '../domain/policy.ts'
import { DAY, HOUR, type Millis } from '../domain/time.ts'
import type { Archive, Forgotten } from './archive.ts'
import type { Directory, Org } from './directory.ts'
import type { Clock } from './ports.ts'

/** Rows of one step. */
const ROWS_PER_STEP = 2_000
/** Between two steps recorders and look-ups have the database to themselves. */
const REST_MS = 20
/** Whether an org's day has come is looked at so often. */
const LOOK_EVERY_MS = HOUR
const ORGS_PER_PAGE = 500

export interface ForgettingParts {
  directory: Pick<Directory, 'org' | 'orgs'>
  archive: Pick<Archive, 'forget' | 'forgottenUntil'>
  clock: Clock
  /** Shards that this node keeps by now: each org is one keeper's. */
  held (): readonly number[]
  onForgotten (org: OrgId, rows: Omit<Forgotten, 'left'>, days: number): void
  onTrouble (error: unknown): void
}

/**
 * Makes history anonymous that is older than an org's policy says: once a day for each org, by the keeper of its shard, in small steps. Whoever does it twice or breaks off does no
 * harm; the next one goes on from there.
 */
export class Forgetting {
  readonly #parts: ForgettingParts
  #cancel: (() => void) | null = null
  #round: Promise<void> | null = null
  #stopped = false

  constructor (parts: ForgettingParts) {
    this.#parts = parts
  }

  start (): void {
    this.#next(LOOK_EVERY_MS / 60)
  }

  async stop (): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#round
  }

  /** One org now, whatever was done today. @throws LEDGER_BEHIND */
  async forget (org: Org): Promise<Omit<Forgotten, 'left'> & { until: Millis }> {
    const { archive, clock, onForgotten } = this.#parts
    const now = clock.now()
    const { historyDays } = effectivePolicy(org.policy)
    const until = Math.floor(now / DAY) * DAY - historyDays * DAY
    const sum = { subjects: 0, claims: 0, events: 0, quarantined: 0 }
    for (let left = true; left && !this.#stopped;) {
      const step = await archive.forget(org.id, until, now, ROWS_PER_STEP)
      for (const part of ['subjects', 'claims', 'events', 'quarantined'] as const) sum[part] += step[part]
      left = step.left
      if (left) await new Promise<void>(resolve => { clock.after(REST_MS, resolve) })
    }
    onForgotten(org.id, sum, historyDays)
    return { ...sum, until }
  }

  #next (ms: number): void {
    this.#cancel = this.#parts.clock.after(ms, () => {
      this.#round = this.#look()
        .catch((error: unknown) => this.#parts.onTrouble(error))
        .finally(() => { if (!this.#stopped) this.#next(LOOK_EVERY_MS) })
    })
  }

  async #look (): Promise<void> {
    const { directory, archive, clock, held } = this.#parts
    for (let after: OrgId | null = null; ;) {
      const page: Org[] = await directory.orgs({ after, limit: ORGS_PER_PAGE })
      for (const org of page) {
        if (this.#stopped || !held().includes(shardOf(org.id))) continue
        const done = await archive.forgottenUntil(org.id)
        if (done === null || done.day < Math.floor(clock.now() / DAY)) await this.forget(org)
      }
      after = page.at(-1)?.id ?? null
      if (page.length < ORGS_PER_PAGE || this.#stopped) return
    }
  }
}
