import type { Commit, Committed, Freeze, LoadedRecord, OutboxEntry, Stored, Write } from '../../application/ports.ts'
import { assertSound } from '../../application/sound-commit.ts'
import { PerchError } from '../../domain/errors.ts'
import type { FloorId } from '../../domain/ids.ts'
import type { Key, RecordType } from '../../domain/keys.ts'
import type { Millis } from '../../domain/time.ts'
import { Deadlines } from './deadlines.ts'
import { Presences } from './presences.ts'

/** missing -> frozen -> live -> frozen -> live; frozen -> frozen when a later recovery takes over. `was`: the epoch whose state is there; null: of none. */
export type Life =
  | { state: 'missing' }
  | { state: 'live', epoch: number }
  | { state: 'frozen', epoch: number, keeper: string, was: number | null }

/** `last`: the number of the last entry that was ever put there; 0: none was. */
export interface Outbox {
  stream: number
  entries: OutboxEntry[]
  last: number
}

const ABSENT: Stored = { version: 0, body: null }

/** One shard's live state. Every step is one turn of the event loop, so each is all or nothing. */
export class Shard {
  life: Life = { state: 'missing' }
  /** Number and moment of the last commit. */
  n = 0
  at: Millis = 0
  /** By `org/floor`. */
  readonly seqs = new Map<string, number>()
  /** By `org/key`. */
  readonly records = new Map<string, Stored>()
  readonly due = new Deadlines()
  readonly presences = new Presences()
  /** The outbox of one epoch; null until the first thaw. */
  outbox: Outbox | null = null

  /** @throws RECOVERING when it is not live */
  liveEpoch (): number {
    if (this.life.state !== 'live') throw new PerchError('RECOVERING')
    return this.life.epoch
  }

  /** @throws RECOVERING when the shard is not in exactly this freeze */
  assertFrozen ({ epoch, keeper }: Freeze): void {
    const { life } = this
    if (life.state !== 'frozen' || life.epoch !== epoch || life.keeper !== keeper) throw new PerchError('RECOVERING')
  }

  /** The outbox of the epoch in which it lives. @throws RECOVERING when that is another one */
  liveOutbox (epoch: number): Outbox {
    if (this.liveEpoch() !== epoch || this.outbox === null) throw new PerchError('RECOVERING')
    return this.outbox
  }

  /** Entries behind `after`, of a stream that may not be there. */
  entries (stream: number, after: number, limit: number): OutboxEntry[] {
    if (this.outbox?.stream !== stream) return []
    return this.outbox.entries.filter(({ n }) => n > after).slice(0, Math.max(limit, 0))
  }

  stored (org: string, key: Key): Stored {
    return this.records.get(`${org}/${key}`) ?? ABSENT
  }

  put (org: string, key: Key, stored: Stored): void {
    if (stored.body === null) this.records.delete(`${org}/${key}`)
    else this.records.set(`${org}/${key}`, stored)
  }

  /** Records of one type from the `from`th on. */
  some (type: RecordType, from: number, limit: number): { records: LoadedRecord[], next: string | null } {
    const prefix = `/${type}/`
    const all = [...this.records].filter(([name]) => name.startsWith(prefix, name.indexOf('/')))
    const records = all.slice(from, from + limit).map(([name, stored]) => {
      const slash = name.indexOf('/')
      return { org: name.slice(0, slash), key: name.slice(slash + 1) as Key, stored }
    })
    return { records, next: from + limit < all.length ? String(from + limit) : null }
  }

  seq (org: string, floor: FloorId): number {
    return this.seqs.get(`${org}/${floor}`) ?? 0
  }

  /** Everything but the moment of the last commit: the clock must not go back. */
  clear (): void {
    this.n = 0
    this.seqs.clear()
    this.records.clear()
    this.due.clear()
    this.outbox = null
    if (this.life.state === 'frozen') this.life = { ...this.life, was: null }
  }

  /** `room`: how many entries the outbox may hold for this commit. `clock`: this process's. */
  commit (commit: Commit, clock: Millis, room: number): Committed {
    assertSound(commit)
    if (this.life.state !== 'live' || this.life.epoch !== commit.epoch) return { state: 'stale' }
    if (commit.checks.some(({ key, version }) => this.stored(commit.org, key).version !== version)) {
      const current = new Map(commit.checks.map(({ key }) => [key, this.stored(commit.org, key)]))
      return { state: 'conflict', now: Math.max(clock, this.at), current }
    }
    if (commit.entry !== null && this.outbox !== null && this.outbox.entries.length >= room) return { state: 'full' }
    const seqs = this.#write(commit)
    return { state: 'ok', n: this.n, seqs, now: Math.max(clock, this.at) }
  }

  #write ({ org, at, floors, entry, writes, due }: Commit): Map<FloorId, number> {
    const n = ++this.n
    this.at = Math.max(this.at, at)
    const seqs = new Map(floors.map(floor => [floor, this.seq(org, floor) + 1]))
    for (const [floor, seq] of seqs) this.seqs.set(`${org}/${floor}`, seq)
    if (entry !== null && this.outbox !== null) {
      this.outbox.entries.push({ n, seqs, before: this.outbox.last, entry })
      this.outbox.last = n
    }
    for (const write of writes) this.put(org, write.key, { version: numberOf(write.floor, n, seqs), body: this.#bodyOf(org, write) })
    for (const { name, at } of due) {
      if (at === null) this.due.delete(name)
      else this.due.set(name, at)
    }
    return seqs
  }

  #bodyOf (org: string, write: Write): string | null {
    return 'body' in write ? write.body : `${this.stored(org, write.key).body ?? ''}\n${write.addition}`
  }
}

/** What a write's version and a message's seq are: the floor's seq, or without a floor the commit's number. */
export function numberOf (floor: FloorId | null, n: number, seqs: ReadonlyMap<FloorId, number>): number {
  return floor === null ? n : seqs.get(floor) ?? 0
}
