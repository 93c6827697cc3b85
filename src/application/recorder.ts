import { PerchError } from '../domain/errors.ts'
import type { Entry } from '../domain/event.ts'
import { NEVER } from '../domain/deadlines.ts'
import type { OrgId, SpaceId } from '../domain/ids.ts'
import type { Claim } from '../domain/claim.ts'
import type { Millis } from '../domain/time.ts'
import { READS_UP_TO } from './codec.ts'
import { encodeWatermark } from './news.ts'
import type { Clock, Cursor, Ledger, LedgerEntry, OutboxEntry, Store } from './ports.ts'

/** Entries of one transaction. More would make a batch slower, not the whole faster: bench/ledger. */
const BATCH = 500
/** After this long without getting anywhere, what is granted is said to be provisional. */
export const BEHIND_MS = 1_000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 2_000
/** How often a recorder with nothing to record looks whether the ledger is where it left it. */
const LOOK_EVERY_MS = 10_000
/** Commits in quarantine that are read in one go: each is an alarm, so there are hardly any. */
const ASIDE_AT_ONCE = 100
/** Spaces that are looked at in one go: five commits' worth. */
const CONFIRMED_AT_ONCE = 1_000

export interface RecorderParts {
  store: Store
  ledger: Ledger
  clock: Clock
  /** Claims that the ledger's constraints refuse: they must be taken back (INV-1). Safe to repeat. */
  onQuarantined (org: OrgId, claims: readonly Claim[]): Promise<void>
  /** What these spaces show as provisional is in the ledger now. Safe to repeat. */
  onConfirmed (org: OrgId, spaces: readonly SpaceId[]): Promise<void>
  onRecorded? (shard: number, entries: number, oldest: Millis): void
  onTrouble? (shard: number, error: unknown): void
}

/** `moved`: somebody else has moved the cursor, or a recovery raised the epoch. `gap`: commits are missing in the outbox, so the ledger cannot follow the store by it. */
export type RecorderEnd = 'moved' | 'gap'

/**
 * Moves one shard's outbox to the ledger, exactly once: the cursor's compare-and-set in Postgres decides, so a second recorder, or one that woke up late, changes nothing.
 * idle -> working (woken) -> idle (outbox empty). It ends for good as `RecorderEnd` says.
 */
export class Recorder {
  readonly #parts: RecorderParts
  readonly #shard: number
  #cursor: Cursor
  #working: Promise<void> | null = null
  #again = false
  #stopped = false
  /** Its node is on its way out. */
  #leaving = false
  /** Ends a pause between two tries. */
  #wakeUp = (): void => {}
  #behind = false
  /** The nodes have heard of this stream. */
  #said = false
  /** Something that the ledger set aside may stand in the store: who recorded it may have died before it was revoked. */
  #aside = true
  /** Something in the store may be called provisional that is in the ledger: who recorded it may have died before it said so. */
  #unsure = true
  /** When the ledger was last where it should be. */
  #seenAt: number
  readonly #onEnd: (why: RecorderEnd) => void

  constructor (parts: RecorderParts, shard: number, cursor: Cursor, onEnd: (why: RecorderEnd) => void) {
    this.#parts = parts
    this.#shard = shard
    this.#cursor = cursor
    this.#seenAt = parts.clock.monotonic()
    this.#onEnd = onEnd
  }

  /** There may be entries. Returns at once. */
  wake (): void {
    this.#again = true
    this.#working ??= this.#work().finally(() => { this.#working = null })
  }

  /** Look, also for what nobody told of: an entry, or a claim that a node called provisional because it had not heard better. Returns at once. */
  check (): void {
    this.#unsure = true
    this.wake()
  }

  /**
   * The last that is asked of it. Everything that was in the outbox when this was called is in the ledger afterwards, or the recorder has stopped, or the shard does not live: then
   * what is left is the recovery's, which this node would keep others from for as long as it waited.
   */
  async drain (): Promise<void> {
    this.#leaving = true
    this.wake()
    this.#wakeUp()
    await this.#working
  }

  async stop (): Promise<void> {
    this.#stopped = true
    this.#wakeUp()
    await this.#working
  }

  async #work (): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    let since = this.#parts.clock.monotonic()
    while (this.#again && !this.#stopped) {
      this.#again = false
      try {
        while (!this.#stopped && await this.#batch()) since = this.#parts.clock.monotonic()
        retryMs = FIRST_RETRY_MS
      } catch (error) {
        this.#parts.onTrouble?.(this.#shard, error)
        if (this.#leaving && error instanceof PerchError && error.code === 'RECOVERING') return
        this.#again = true
        if (this.#parts.clock.monotonic() - since > BEHIND_MS) await this.#sayBehind(error)
        await this.#rest(retryMs)
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
      }
    }
  }

  /** False: the outbox was empty, or this recorder has been relieved. */
  async #batch (): Promise<boolean> {
    const { store, ledger } = this.#parts
    const from = this.#cursor
    const found = await store.outbox(this.#shard, from.stream, from.n, BATCH)
    const entries = upToGap(found, from.n).map(parseEntry)
    const last = entries.at(-1)
    const first = entries[0]
    if (last === undefined || first === undefined) return found.length > 0 ? this.#end('gap') : await this.#caughtUp()
    const recorded = await ledger.record(this.#shard, from, entries)
    if (recorded.state !== 'recorded') return this.#end(recorded.state)
    this.#cursor = { ...from, n: last.n }
    this.#seenAt = this.#parts.clock.monotonic()
    this.#aside ||= recorded.quarantined.length > 0
    await this.#announce(recorded.quarantined.map(({ n }) => n))
    await store.trimOutbox(this.#shard, from.stream, last.n)
    await this.#revoke()
    this.#parts.onRecorded?.(this.#shard, entries.length, first.entry.at)
    return true
  }

  #end (why: RecorderEnd): false {
    this.#stopped = true
    this.#onEnd(why)
    return false
  }

  /** From here on nodes call what they grant provisional, and screens say so. */
  async #sayBehind (error: unknown): Promise<void> {
    if (this.#behind || !(error instanceof PerchError) || error.code !== 'LEDGER_BEHIND') return
    this.#behind = true
    this.#unsure = true
    await this.#announce().catch(() => {
      // The store is away as well: nothing is granted, so nothing is provisional. The next round says it again.
      this.#behind = false
    })
  }

  /** The ledger has the list, so nothing that was set aside is forgotten. */
  async #revoke (): Promise<void> {
    const { ledger, onQuarantined } = this.#parts
    while (this.#aside) {
      const found = await ledger.setAside(this.#shard, ASIDE_AT_ONCE)
      for (const { org, claims } of found) await onQuarantined(org, claims)
      const last = found.at(-1)
      if (last !== undefined) await ledger.revoked(this.#shard, last)
      this.#aside = found.length === ASIDE_AT_ONCE
    }
  }

  /** The outbox was empty. True: there is more to do by now. */
  async #caughtUp (): Promise<boolean> {
    if (this.#behind || !this.#said) {
      this.#behind = false
      await this.#announce()
    }
    await this.#revoke()
    if (!this.#unsure) return false
    const { store, onConfirmed } = this.#parts
    if (await store.gap(this.#shard, this.#cursor.stream, this.#cursor.n)) return this.#end('gap')
    if (!await this.#isAsLeft()) return this.#end('moved')
    const names = await store.dueAt(this.#shard, NEVER, CONFIRMED_AT_ONCE)
    // What was granted since the outbox was empty is not in the ledger yet: first that, then all of them.
    if (names.length > 0 && (await store.outbox(this.#shard, this.#cursor.stream, this.#cursor.n, 1)).length > 0) return true
    for (const [org, spaces] of spacesByOrg(names)) await onConfirmed(org, spaces)
    this.#unsure = names.length === CONFIRMED_AT_ONCE
    return this.#unsure
  }

  /** A ledger that was set back, by a failover to a standby that lacked commits, is noticed also where nothing is granted. While it is away nobody knows. */
  async #isAsLeft (): Promise<boolean> {
    const { ledger, clock } = this.#parts
    if (clock.monotonic() - this.#seenAt < LOOK_EVERY_MS) return true
    try {
      const { epoch, stream, n } = await ledger.cursor(this.#shard)
      this.#seenAt = clock.monotonic()
      return epoch === this.#cursor.epoch && stream === this.#cursor.stream && n === this.#cursor.n
    } catch (error) {
      if (error instanceof PerchError && error.code === 'LEDGER_BEHIND') return true
      throw error
    }
  }

  async #announce (refused: readonly number[] = []): Promise<void> {
    const { stream, n, epoch } = this.#cursor
    await this.#parts.store.announce(this.#shard, 'ledger', epoch, encodeWatermark({ stream, n, behind: this.#behind, refused }))
    this.#said = true
  }

  #rest (ms: number): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#parts.clock.after(ms, resolve)
      this.#wakeUp = () => {
        cancel()
        resolve()
      }
    })
  }
}

/** Of deadlines `confirm/<org>/<space>`. */
function spacesByOrg (names: readonly string[]): Map<OrgId, SpaceId[]> {
  const spaces = new Map<OrgId, SpaceId[]>()
  for (const name of names) {
    const [, org = '', space = ''] = name.split('/')
    const known = spaces.get(org)
    if (known === undefined) spaces.set(org, [space])
    else known.push(space)
  }
  return spaces
}

/**
 * The entries that follow on number `after` without one missing: what comes behind a gap must not move the watermark past commits that the ledger has not (INV-5). The ledger looks
 * at the floors' seqs as well, which tell only of what is missing on the same floor.
 */
export function upToGap (entries: readonly OutboxEntry[], after: number): readonly OutboxEntry[] {
  let last = after
  for (const [i, { n, before }] of entries.entries()) {
    if (before > last) return entries.slice(0, i)
    last = n
  }
  return entries
}

/** An outbox entry as it was committed. @throws OUTDATED for a format that this release does not know */
export function parseEntry ({ n, seqs, entry }: Omit<OutboxEntry, 'before'>): LedgerEntry {
  const parsed = JSON.parse(entry) as Entry
  if (!(parsed.f <= READS_UP_TO)) throw new PerchError('OUTDATED', {}, new Error(`outbox format ${String(parsed.f)} is not known to this release`))
  return { n, seqs, entry: parsed }
}
