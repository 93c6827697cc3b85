import type { Command, Outcome } from '../domain/command.ts'
import { decide } from '../domain/decide.ts'
import type { Changes, Known, Records } from '../domain/draft.ts'
import { PerchError } from '../domain/errors.ts'
import { shardOf, type FloorId, type OrgId, type SiteId } from '../domain/ids.ts'
import { claimKey, type Key } from '../domain/keys.ts'
import { DEFAULT_POLICY, type Policy } from '../domain/policy.ts'
import type { Rules } from '../domain/rules.ts'
import type { Millis } from '../domain/time.ts'
import { decodeStored } from './codec.ts'
import type { Store, Stored } from './ports.ts'
import type { RecordCache } from './record-cache.ts'
import type { ShardClocks } from './shard-clocks.ts'
import { toCommit } from './to-commit.ts'

/** Conflicts in a row before a command gives up as BUSY. Each means that somebody else's commit went through, so the whole never stands still. */
const MOST_ATTEMPTS = 24

/** What a site adds to the rules. */
export type SiteRules = Pick<Rules, 'policy' | 'calendar'>

export interface Transacted {
  outcome: Outcome
  epoch: number
  /** Of the floors that were changed; empty when nothing was. */
  seqs: ReadonlyMap<FloorId, number>
  /** The commit's number in its shard; null: nothing was committed. */
  n: number | null
}

export interface TransactOptions {
  /** Runs after the first conflict, before the next commit if there is to be one: where a guard keeps rivals apart only once there are any. */
  onConflict?: (() => Promise<void>) | undefined
  /** Decide by what the store says now, and write nothing: refused, it throws; else it gives an outcome that has not happened. */
  dry?: boolean | undefined
}

/** Runs one command to its end: decided here, compared and written in the store. `at` null: a command that no policy and no calendar touches. @throws PerchError */
export type Transact = (org: OrgId, command: Command, at: { site: SiteId } | null, by: string, options?: TransactOptions) => Promise<Transacted>

export interface TransactParts {
  store: Store
  cache: RecordCache
  clocks: ShardClocks
  /** Policy and calendar in force at a site. @throws SITE_UNKNOWN */
  siteRules (org: OrgId, site: SiteId): SiteRules | Promise<SiteRules>
  /** Nobody of the site is a no-show before (INV-9). */
  noShowsNotBefore (org: OrgId, site: SiteId, policy: Policy): Millis | Promise<Millis>
  /** The ledger of the shard is behind. */
  behind (shard: number): boolean
  onConflict? (): void
}

export function transactor (parts: TransactParts): Transact {
  return async (org, command, at, by, options = {}) => {
    const { store, cache, clocks } = parts
    const shard = shardOf(org)
    const { policy, calendar } = at === null ? NOWHERE : await parts.siteRules(org, at.site)
    // A commit for a moment of this node's own clock would take the shard's clock there.
    if (!clocks.knows(shard)) clocks.learn(shard, await store.now(shard))
    let reading = new Reading(parts, org, options.dry === true ? 'fresh' : 'cached')
    // A new claim's id is nearly always new to the store as well; the commit checks it, and a repeated one is told by its conflict.
    if (command.type === 'claim') reading.assume(claimKey(command.id))
    let [contested, askGuard] = [false, options.onConflict]
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      // Without a site nobody can be one. Asked each time: a conflict may have taken us into another epoch, which a break came before.
      const known = at === null ? Infinity : parts.noShowsNotBefore(org, at.site, policy)
      const noShowsNotBefore = typeof known === 'number' ? known : await known
      const rules: Rules = { policy, calendar, now: clocks.now(shard), noShowsNotBefore, provisional: parts.behind(shard) }
      const decision = decide(reading, command, rules)
      if (decision.state === 'need') {
        await reading.read(decision.keys)
        attempt--
      } else if (decision.state === 'refused' || decision.changes === null) {
        // Only what the store says now may refuse, or say that nothing is left to do: this node may have missed a release.
        if (await reading.refresh()) attempt--
        else if (decision.state === 'refused') throw new PerchError(decision.refusal.code, decision.refusal.detail)
        else return { outcome: decision.outcome, epoch: cache.epoch(shard), seqs: new Map(), n: null }
      } else if (options.dry === true) {
        return { outcome: decision.outcome, epoch: await reading.epoch(), seqs: new Map(), n: null }
      } else if (contested && askGuard !== undefined) {
        // Whoever lost the race was refused above, without waiting for anybody.
        await askGuard()
        askGuard = undefined
      } else {
        const epoch = await reading.epoch()
        const answer = await store.commit(toCommit(org, epoch, by, rules.now, command, decision.changes))
        switch (answer.state) {
          case 'ok':
            clocks.learn(shard, answer.now)
            remember(cache, org, epoch, decision.changes, answer.n, answer.seqs)
            return { outcome: decision.outcome, epoch, seqs: answer.seqs, n: answer.n }
          case 'conflict':
            clocks.learn(shard, answer.now)
            parts.onConflict?.()
            reading.took(answer.current, epoch)
            contested = true
            break
          case 'stale':
            reading = new Reading(parts, org, 'fresh')
            break
          case 'full':
            throw new PerchError('LEDGER_BEHIND')
        }
      }
    }
    throw new PerchError('BUSY')
  }
}

const NOWHERE: SiteRules = {
  policy: DEFAULT_POLICY,
  calendar: {
    timeZone: 'UTC',
    dayOf: () => { throw new Error('a command without a site asked for its day') },
    days: () => { throw new Error('a command without a site asked for its days') },
    startOf: () => { throw new Error('a command without a site asked for a day') }
  }
}

/** The records of one command: from this node's cache first, from the store when asked. Knows which of them the store itself has said during this command. */
class Reading implements Records {
  readonly #parts: TransactParts
  readonly #org: OrgId
  readonly #shard: number
  readonly #used = new Map<Key, Known>()
  /** Which answer of the store said so: the latest one's number is `#answers`. */
  readonly #fresh = new Map<Key, number>()
  #answers = 0
  /** A stale epoch makes everything cached worthless for this command. */
  readonly #mode: 'cached' | 'fresh'
  /** Of every record used, also the cached ones; null: none yet. */
  #epoch: number | null = null

  constructor (parts: TransactParts, org: OrgId, mode: 'cached' | 'fresh' = 'cached') {
    this.#parts = parts
    this.#org = org
    this.#shard = shardOf(org)
    this.#mode = mode
  }

  has (key: Key): boolean {
    return this.get(key) !== undefined
  }

  get (key: Key): Known | undefined {
    const used = this.#used.get(key)
    if (used !== undefined || this.#mode === 'fresh') return used
    const cached = this.#parts.cache.get(this.#org, key)
    if (cached === undefined) return undefined
    // Versions of two epochs may be equal by chance, and the commit would find nothing wrong with records that never stood together (INV-1).
    const epoch = this.#parts.cache.epoch(this.#shard)
    this.#epoch ??= epoch
    if (this.#epoch !== epoch) return undefined
    this.#used.set(key, cached)
    return cached
  }

  /** There is probably no such record: not a word of the store's, so it may grant and must not refuse. */
  assume (key: Key): void {
    if (this.get(key) === undefined) this.#used.set(key, { version: 0, value: null })
  }

  /** Under which the records were read: a commit passes it, so that records of two epochs never meet in one. */
  async epoch (): Promise<number> {
    this.#epoch ??= this.#mode === 'cached' ? this.#parts.cache.epoch(this.#shard) : 0
    if (this.#epoch === 0) await this.read([])
    return this.#epoch
  }

  async read (keys: readonly Key[]): Promise<void> {
    const snapshot = await this.#parts.store.read(this.#org, keys)
    this.#parts.clocks.learn(this.#shard, snapshot.now)
    this.#parts.cache.sawEpoch(this.#shard, snapshot.epoch)
    if (this.#epoch !== null && this.#epoch !== 0 && this.#epoch !== snapshot.epoch) {
      this.#used.clear()
      this.#fresh.clear()
    }
    this.took(snapshot.records, snapshot.epoch)
  }

  /** The store said so just now. */
  took (records: ReadonlyMap<Key, Stored>, epoch: number): void {
    this.#epoch = epoch
    if (records.size > 0) this.#answers++
    for (const [key, stored] of records) {
      const known = decodeStored(key, stored)
      this.#used.set(key, known)
      this.#fresh.set(key, this.#answers)
      this.#parts.cache.set(this.#org, epoch, key, known)
    }
  }

  /**
   * Ask the store for everything that was used; false: all of it is from one answer of the store's. Records of two answers may tell of what never was: a claim in its own
   * record that its day no longer has.
   */
  async refresh (): Promise<boolean> {
    const used = [...this.#used.keys()]
    if (used.every(key => this.#fresh.get(key) === this.#answers)) return false
    await this.read(used)
    return true
  }
}

/** What was written is what the next command on these records will read. */
function remember (cache: RecordCache, org: OrgId, epoch: number, changes: Changes, n: number, seqs: ReadonlyMap<FloorId, number>): void {
  for (const { key, value, floor } of changes.writes) {
    const version = value === null ? 0 : floor === null ? n : seqs.get(floor) ?? 0
    cache.set(org, epoch, key, { version, value })
  }
}
