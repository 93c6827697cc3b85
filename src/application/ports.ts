import type { Claim } from '../domain/claim.ts'
import type { Entry } from '../domain/event.ts'
import type { ClaimId, FloorId, OrgId, PersonId, SiteId, SpaceId } from '../domain/ids.ts'
import type { Key, RecordType } from '../domain/keys.ts'
import type { Presence } from '../domain/served.ts'
import type { Block, Reading } from '../domain/space.ts'
import type { Millis, SiteCalendar } from '../domain/time.ts'

/* ---- the store: live state ------------------------------------------------------------------------------------------------------------------- */

/** A record as the store holds it: opaque text. Version 0 with a null body: there is no such record. */
export interface Stored {
  version: number
  body: string | null
}

/** What a read returns. `records` has every key that was asked for; `seqs` every floor (0: never written). */
export interface Snapshot {
  epoch: number
  now: Millis
  records: ReadonlyMap<Key, Stored>
  seqs: ReadonlyMap<FloorId, number>
}

export interface Check {
  key: Key
  version: number
}

/**
 * `floor`: the record takes that floor's new seq as its version, and the floor must be in the commit's `floors`. Null: it takes the commit's number. A null body deletes.
 * `addition` goes behind the body that is there, as a line of its own; a check of the same commit must have found one. No body begins with a line break.
 */
export type Write =
  | { key: Key, floor: FloorId | null, body: string | null }
  | { key: Key, floor: FloorId | null, addition: string }

/** Told to the topic's subscribers when the commit is done. `floor`: the message carries that floor's new seq; null: the commit's number. */
export interface Message {
  topic: Topic
  floor: FloorId | null
  body: string
}

/**
 * What a shard's subscribers listen to.
 * floor/<org>/<floor>: changed space records; people/<org>: claims that changed; lost/<org>: claims that a fault took; org/<org>: the directory changed; ledger: the watermark; keeper: there is work.
 */
export type Topic = `floor/${string}/${string}` | `people/${string}` | `lost/${string}` | `org/${string}` | 'ledger' | 'keeper' | 'limits'

export interface Commit {
  org: OrgId
  /** Under which the records were read. */
  epoch: number
  /** The moment it was decided for. */
  at: Millis
  checks: readonly Check[]
  writes: readonly Write[]
  /** Deadlines by name, `<type>/<org>/<id>`; null takes one away. */
  due: ReadonlyArray<{ name: string, at: Millis | null }>
  /** Each of these gets the next seq. */
  floors: readonly FloorId[]
  /** For the outbox; null: nothing the ledger needs to know. */
  entry: string | null
  messages: readonly Message[]
  /** May use the outbox's reserve: releases and deadlines must go on when new claims are refused. */
  reserve: boolean
}

export type Committed =
  /** `n` counts the shard's commits. */
  | { state: 'ok', n: number, seqs: ReadonlyMap<FloorId, number>, now: Millis }
  /** Some check failed: every checked record as it is now. */
  | { state: 'conflict', now: Millis, current: ReadonlyMap<Key, Stored> }
  /** The epoch is not this one, or the server is not the one that was thawed. */
  | { state: 'stale' }
  /** The outbox is full. */
  | { state: 'full' }

/** `seq` as the message's floor or, without one, the commit's number; 0 for announcements. */
export type Listener = (message: { epoch: number, seq: number, body: string }) => void

/** An outbox entry with what the store added. */
export interface OutboxEntry {
  n: number
  seqs: ReadonlyMap<FloorId, number>
  /** The number of the entry before it in its stream; 0: it is the first, or that is not known. */
  before: number
  entry: string
}

/** Proof that this keeper froze the shard in this epoch: whoever froze it later makes every call that carries the older one fail. */
export interface Freeze {
  shard: number
  epoch: number
  keeper: string
}

/**
 * What the epoch key says.
 * live -> frozen (recovery begins) -> live (thawed) ; frozen -> frozen (a later recovery takes over). `foreign`: live, but thawed on another server or before this one's restart.
 */
export type ShardState =
  | { state: 'missing' }
  | { state: 'live', epoch: number }
  | { state: 'foreign', epoch: number }
  | { state: 'frozen', epoch: number }

/** A record of one of the shard's orgs, as recovery loads and looks at it. */
export interface LoadedRecord {
  org: OrgId
  key: Key
  stored: Stored
}

/**
 * The live state, sharded by org. Reads and commits of one shard are linearizable while its epoch lasts. Every call may throw PerchError RECOVERING (the shard is missing,
 * frozen, foreign or out of reach) and OUTCOME_UNKNOWN (a commit's reply was lost: it may have happened).
 */
export interface Store {
  /** All keys and floors at one moment. @throws RECOVERING */
  read (org: OrgId, keys: readonly Key[], floors?: readonly FloorId[]): Promise<Snapshot>
  /**
   * Compare, then write everything or nothing, in the order: epoch, versions, room in the outbox; seqs, outbox, records, deadlines, messages.
   * Behind its messages the topic `keeper` is told what it waits for, with the commit's number: `outbox` when the outbox was empty, `due` when a deadline now comes before all others.
   */
  commit (commit: Commit): Promise<Committed>
  /** Messages of a topic in commit order, until unsubscribed. Messages may be lost silently (a broken link): the caller checks positions. Resolves once subscribed. */
  subscribe (shard: number, topic: Topic, listener: Listener): Promise<() => void>
  /** Tell a topic's subscribers, outside any commit. May be lost. */
  announce (shard: number, topic: Topic, epoch: number, body: string): Promise<void>
  /** The deadlines at or before now, earliest first, at most `limit`; `next` is the first one after those (null: none). @throws RECOVERING */
  due (shard: number, limit: number): Promise<{ epoch: number, now: Millis, names: ReadonlyArray<{ name: string, at: Millis }>, next: Millis | null }>
  /** The names of deadlines at exactly that moment, at most `limit`, in every state of the shard. A hint: others may come and go meanwhile. */
  dueAt (shard: number, at: Millis, limit: number): Promise<string[]>
  /**
   * Say what is so now, and hear of this (`said`) and of more (`asked`) since when it has been so without a break: another epoch is one, too. Names are any texts, a few hundred at
   * most. Who says it often, on however many nodes, costs a write a second. Told for as long as the store lives, also over a rebuild. @throws RECOVERING
   */
  serve (shard: number, said: readonly string[], asked: readonly string[]): Promise<{ epoch: number, now: Millis, presences: ReadonlyMap<string, Presence> }>
  /** The store's clock of the shard, in every state of it: never before its last commit. */
  now (shard: number): Promise<Millis>

  /** Entries of the epoch's stream behind `after`, in order. @throws RECOVERING where the shard does not live in that epoch */
  outbox (shard: number, epoch: number, after: number, limit: number): Promise<OutboxEntry[]>
  /** There is nothing behind `after` in the epoch's stream, and once there was: somebody else than the recorder dropped it. @throws RECOVERING as above */
  gap (shard: number, epoch: number, after: number): Promise<boolean>
  /** Drop entries up to and with `upTo`: only ever up to the ledger's cursor. */
  trimOutbox (shard: number, stream: number, upTo: number): Promise<void>
  outboxLength (shard: number, stream: number): Promise<number>

  /** Take or prolong the lease; false: somebody else holds it. Safety never rests on it. */
  lease (shard: number, holder: string, ttlMs: number): Promise<boolean>
  /** Give the lease back, if it is still this holder's. */
  endLease (shard: number, holder: string): Promise<void>
  /** Say that this keeper lives, and hear which do: their ids, sorted. */
  heartbeat (keeper: string, ttlMs: number): Promise<string[]>
  /** Leave the keepers' list. */
  leave (keeper: string): Promise<void>

  state (shard: number): Promise<ShardState>
  /** Recovery step 2: freeze in `epoch`, unless an epoch >= it is there. `was`: the epoch whose state is there, live until then or until an earlier freeze; null: missing or cleared, so what is there is void. */
  freeze (shard: number, epoch: number, keeper: string): Promise<{ frozen: true, freeze: Freeze, was: number | null } | { frozen: false }>
  /** Recovery step 3: entries of the stream of any epoch behind `after`, in order; an unknown stream is empty. @throws RECOVERING when the freeze is no longer the newest */
  drain (freeze: Freeze, stream: number, after: number, limit: number): Promise<OutboxEntry[]>
  /** Every floor's seq, and the number of the last commit. By `org/floor`. @throws RECOVERING as above */
  positions (freeze: Freeze): Promise<{ n: number, seqs: ReadonlyMap<string, number> }>
  /** Records of one type, about `limit` of them, with their stored text; `after`: the `next` of the part before (null: from the start). Each comes at least once. @throws RECOVERING as above */
  scan (freeze: Freeze, type: RecordType, after: string | null, limit: number): Promise<{ records: LoadedRecord[], next: string | null }>
  /** The records of these claims, at most 5,000. @throws RECOVERING as above */
  peek (freeze: Freeze, org: OrgId, claims: readonly ClaimId[]): Promise<ReadonlyMap<ClaimId, Stored>>
  /** Drop every record, deadline, seq and outbox stream of the shard; the clock does not go back. @throws RECOVERING as above */
  clear (freeze: Freeze): Promise<void>
  /** Put records, deadlines and seqs (by `org/floor`) as they are given. May be called many times. @throws RECOVERING as above */
  load (freeze: Freeze, part: { records: readonly LoadedRecord[], due: ReadonlyArray<{ name: string, at: Millis }>, seqs: ReadonlyMap<string, number>, n: number }): Promise<void>
  /** Recovery step 6: the shard lives in the freeze's epoch, with an empty outbox stream of that epoch; the one before it is gone. @throws RECOVERING as above */
  thaw (freeze: Freeze): Promise<void>

  /**
   * Have the files of the shard's server written anew from its memory: what is not there any more is not in them afterwards. Files of replicas are their own. May take long; what is
   * not done in time goes on by itself. @throws RECOVERING
   */
  rewriteFiles (shard: number): Promise<FilesRewritten>
  /** For doctor and readiness. @throws RECOVERING */
  ping (): Promise<void>
  close (): Promise<void>
}

/** `none`: it keeps nothing in files. `refused`: the server would not; `reason` says in its words why. `replicas` have files of their own. */
export type FilesRewritten =
  | { state: 'none' }
  | { state: 'done' | 'under-way', replicas: number }
  | { state: 'refused', reason: string, replicas: number }

/* ---- the guard: keeps rivals apart ------------------------------------------------------------------------------------------------------------ */

/** `busy`: somebody else holds one of the names. `unguarded`: no quorum of lock nodes answered in time; the caller goes on (the commit is the fence, INV-3). */
export type Held =
  | { state: 'held', release (): void }
  | { state: 'unguarded' }
  | { state: 'busy' }

/**
 * Keeps rivals for the same names apart, so that work is not wasted. It is not what makes a claim safe: every caller must be right with a guard that always grants (INV-3).
 * All names are taken or none. Never throws, never waits longer than 40 ms and scheduling. `release` returns at once and may be called late or twice.
 * A lock that is not released is gone after `ttlMs`.
 */
export interface Guard {
  hold (names: readonly string[], ttlMs: number): Promise<Held>
  close (): Promise<void>
}

/* ---- the ledger: history, and the truth after a fault ------------------------------------------------------------------------------------------- */

/** A shard's row: the fence, the epoch and how far the ledger has come in which stream. */
export interface Cursor {
  epoch: number
  stream: number
  n: number
}

/** One outbox entry, parsed. */
export interface LedgerEntry {
  n: number
  seqs: ReadonlyMap<FloorId, number>
  entry: Entry
}

/**
 * `moved`: the cursor was not there: somebody else recorded, or a recovery began; nothing was written.
 * `gap`: an entry's seq does not follow on what is recorded of its floor, so commits before it are missing; the entries before it were recorded, the cursor is at their `n`.
 * `quarantined`: entries that would break a constraint (INV-1, INV-2) were set aside, the rest applied; their claims must be revoked.
 */
export type Recorded =
  | { state: 'recorded', quarantined: readonly Quarantined[] }
  | { state: 'gap', n: number, quarantined: readonly Quarantined[] }
  | { state: 'moved' }

export interface Quarantined {
  n: number
  org: OrgId
  claims: readonly Claim[]
}

/** A commit that was set aside, with the claims that it left active in the store. */
export interface SetAside extends Quarantined {
  stream: number
}

/** A space's live part, as the ledger knows it. */
export interface LedgerSpace {
  space: SpaceId
  block: Block | null
  reading: Reading | null
}

/** What a shard's store is rebuilt from, org by org. */
export interface LedgerOrg {
  org: OrgId
  /** Last recorded seq by floor. */
  seqs: ReadonlyMap<FloorId, number>
  spaces: readonly LedgerSpace[]
}

export interface LedgerClaim {
  claim: Claim
  hash: string
}

/** What a store has of an org that the ledger has lost: claims and spaces as they are now, and, with the last part, how far its floors have come. */
export interface Resync {
  org: OrgId
  at: Millis
  claims: readonly LedgerClaim[]
  spaces: readonly LedgerSpace[]
  floors: ReadonlyArray<{ floor: FloorId, from: number, to: number }>
}

export interface ClaimQuery {
  person?: PersonId | undefined
  space?: SpaceId | undefined
  floor?: FloorId | undefined
  site?: SiteId | undefined
  /** Claims that touch [from, to). */
  from: Millis
  to: Millis
  limit: number
}

/** The tables in Postgres. Calls throw PerchError LEDGER_BEHIND while Postgres is out of reach. */
export interface Ledger {
  cursor (shard: number): Promise<Cursor>
  /** The same, and no failover takes it back: a server that was restarted shows commits that its synchronous standby may still lack, and this waits until it has them. */
  lastingCursor (shard: number): Promise<Cursor>
  /** Recovery step 1, the fence: epoch = greatest(epoch, atLeast) + 1; the row as it is then. */
  raiseEpoch (shard: number, atLeast: number): Promise<Cursor>
  /** In one transaction: events, claims, blocks, readings, floor seqs, and the cursor from `from` to the last entry's n. Exactly once (INV-5). */
  record (shard: number, from: Cursor, entries: readonly LedgerEntry[]): Promise<Recorded>
  /**
   * In one transaction: the part as it is given, an event `resync` for each of its floors, and their seqs; the cursor stays. Safe to repeat. `refused`: a claim stands in the way of
   * another, or cannot be stored; nothing was written. `moved`: a later recovery began.
   */
  resync (shard: number, from: Cursor, part: Resync): Promise<'done' | 'moved' | 'refused'>
  /** What was set aside and may still stand in the store, in order; at most `limit` commits. */
  setAside (shard: number, limit: number): Promise<SetAside[]>
  /** What was set aside up to that commit does not stand in the store any more. Safe to repeat. */
  revoked (shard: number, upTo: Pick<SetAside, 'stream' | 'n'>): Promise<void>
  /** Recovery step 5: the cursor to stream = epoch at n, if the row still is in `from.epoch`; false: a later recovery began. */
  switchStream (shard: number, from: Cursor, n: number): Promise<boolean>
  /** Orgs that hash to the shard. */
  orgs (shard: number): Promise<LedgerOrg[]>
  /** Active claims, and those whose id must still be known at `now`, in pages; `after` is the last id of the page before (null: from the start). Ordered by id. */
  claimsToLoad (org: OrgId, now: Millis, after: ClaimId | null, limit: number): Promise<LedgerClaim[]>
  /** Those of these claims that it knows, at most 5,000, in no order. */
  known (org: OrgId, claims: readonly ClaimId[]): Promise<LedgerClaim[]>
  /** History, newest `from` first. */
  claims (org: OrgId, query: ClaimQuery): Promise<Claim[]>
  claim (org: OrgId, id: ClaimId): Promise<LedgerClaim | null>
  /** The same, and no failover takes back what it says, as `lastingCursor`. */
  lastingClaim (org: OrgId, id: ClaimId): Promise<LedgerClaim | null>
  ping (): Promise<void>
  close (): Promise<void>
}

/* ---- time ---------------------------------------------------------------------------------------------------------------------------------------- */

/** A node's clock and timers; the simulation brings its own. */
export interface Clock {
  /** Unix milliseconds of this node; may jump. */
  now (): Millis
  /** Milliseconds since some moment; never goes back. */
  monotonic (): number
  /** Runs once after that long; the returned function takes it back. */
  after (ms: number, run: () => void): () => void
}

/** Makes site calendars, across daylight-saving changes. */
export interface Calendars {
  /** The same hours give the same calendar, which may remember days that it worked out. @throws BAD_REQUEST when the zone is unknown */
  of (hours: SiteHours): SiteCalendar
  isZone (zone: string): boolean
}

/** Opening hours by ISO weekday (1 Monday to 7 Sunday), local `HH:MM`, `24:00` for midnight; a weekday that is missing is closed; null: always open. */
export interface SiteHours {
  zone: string
  hours: Readonly<Partial<Record<'1' | '2' | '3' | '4' | '5' | '6' | '7', { opens: string, closes: string }>>> | null
}
