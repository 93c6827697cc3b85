import { decodeRecord } from '../../src/application/codec.ts'
import type { Commit, Committed, Cursor, Freeze, Ledger, LedgerEntry, Quarantined, Resync, Store } from '../../src/application/ports.ts'
import { isActive, type Claim } from '../../src/domain/claim.ts'
import type { Entry } from '../../src/domain/event.ts'
import type { FloorId } from '../../src/domain/ids.ts'
import type { Key } from '../../src/domain/keys.ts'
import { overlaps, type Span } from '../../src/domain/time.ts'
import type { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import { Positions } from './positions.ts'
import type { Scheduler } from './scheduler.ts'
import { OUTBOX, type StoreWitness } from './server.ts'
import { ORG, POLICIES, SHARD } from './setting.ts'
import type { Verdict } from './verdict.ts'

/** The loosest policy of the setting. */
const MOST_DESKS = Math.max(...POLICIES.map(({ overlapping }) => overlapping?.desk ?? 1))
/** Of those that know a no-show. */
const LEAST_GRACE_MS = Math.min(...POLICIES.flatMap(({ releaseGraceMs }) => releaseGraceMs ?? []))

/** Sees every change of store and ledger as it is made, and holds it to the invariants. */
export class Judge implements StoreWitness {
  readonly positions = new Positions()
  /** How claims were left by every event that is in the ledger, in order. */
  readonly histories = new Map<string, Claim[]>()
  readonly #scheduler: Scheduler
  readonly #verdict: Verdict
  readonly #ledger: LedgerInMemory
  readonly #seqs = new Map<FloorId, number>()
  /** Up to where each stream was recorded. */
  readonly #recorded = new Map<number, number>()
  /** Streams that somebody cut. */
  readonly #cut = new Set<number>()
  /** The stream that the cursor named before it was switched last. */
  #followed = 0
  /** When the shard came back to life, by its own clock: nobody could check in before. */
  #servedSince = 0

  constructor (scheduler: Scheduler, verdict: Verdict, ledger: LedgerInMemory) {
    this.#scheduler = scheduler
    this.#verdict = verdict
    this.#ledger = ledger
  }

  async committed (commit: Commit, done: Extract<Committed, { state: 'ok' }>, memory: Store): Promise<void> {
    this.positions.committed(commit, done, this.#scheduler.now)
    // A write may say only what is added: whole records are in the store.
    const { records } = await memory.read(commit.org, commit.writes.map(({ key }) => key))
    for (const [key, { body }] of records) if (body !== null) this.#isSound(key, body)
    this.#isFair(commit)
  }

  trimmed (stream: number, upTo: number): void {
    this.#verdict.hold(upTo <= (this.#recorded.get(stream) ?? 0), 'INV-5', () => `the outbox is trimmed to ${upTo} of stream ${stream}, the ledger has it to ${this.#recorded.get(stream) ?? 0}`)
  }

  /** What it still has is worth nothing without what is missing: the ledger gets all of it by a resync, or none. */
  cut (stream: number): void {
    this.#cut.add(stream)
  }

  async clearing (freeze: Freeze, memory: Store): Promise<void> {
    const { stream } = await this.#ledger.cursor(SHARD)
    await this.#isDrained(freeze, memory, stream)
  }

  async thawing (freeze: Freeze, memory: Store): Promise<void> {
    await this.#isDrained(freeze, memory, this.#followed)
  }

  async thawed (_: Freeze, memory: Store): Promise<void> {
    await this.positions.begin(memory, this.#scheduler.now)
    this.#servedSince = await memory.now(SHARD)
  }

  /** The ledger, with this judge looking at what is really written. */
  get ledger (): Ledger {
    const { ledger } = { ledger: this.#ledger }
    return {
      cursor: async shard => await ledger.cursor(shard),
      lastingCursor: async shard => await ledger.lastingCursor(shard),
      raiseEpoch: async (shard, atLeast) => await ledger.raiseEpoch(shard, atLeast),
      record: async (shard, from, entries) => {
        const before = await ledger.cursor(shard)
        const recorded = await ledger.record(shard, from, entries)
        if (recorded.state === 'recorded') this.#wasRecorded(before, entries, recorded)
        else if (recorded.state === 'gap') this.#wasRecorded(before, entries.filter(({ n }) => n <= recorded.n), recorded)
        return recorded
      },
      resync: async (shard, from, part) => {
        const done = await ledger.resync(shard, from, part)
        if (done === 'done') this.#wasResynced(from, part)
        return done
      },
      setAside: async (...asked) => await ledger.setAside(...asked),
      revoked: async (...told) => await ledger.revoked(...told),
      switchStream: async (shard, from, n) => {
        const { stream } = await ledger.cursor(shard)
        const done = await ledger.switchStream(shard, from, n)
        if (done) {
          this.#followed = stream
          this.#recorded.set(from.epoch, n)
        }
        return done
      },
      orgs: async shard => await ledger.orgs(shard),
      claimsToLoad: async (...asked) => await ledger.claimsToLoad(...asked),
      known: async (...asked) => await ledger.known(...asked),
      claims: async (...asked) => await ledger.claims(...asked),
      claim: async (...asked) => await ledger.claim(...asked),
      lastingClaim: async (...asked) => await ledger.lastingClaim(...asked),
      ping: async () => await ledger.ping(),
      close: async () => {}
    }
  }

  /** Some event in the ledger left the claim like that. */
  isHistory (claim: Claim): boolean {
    const text = JSON.stringify(claim)
    return this.histories.get(claim.id)?.some(known => JSON.stringify(known) === text) ?? false
  }

  boundsHold (outbox: number): void {
    this.#verdict.hold(outbox <= OUTBOX.outboxLimit, 'INV-8', () => `the outbox holds ${outbox} entries`)
  }

  /** Commits of the stream that the ledger follows are in the ledger before they are dropped. */
  async #isDrained (freeze: Freeze, memory: Store, stream: number): Promise<void> {
    if (this.#cut.has(stream)) return
    const left = await memory.drain(freeze, stream, this.#recorded.get(stream) ?? 0, 1_000)
    this.#verdict.hold(left.length === 0, 'INV-5', () => `commits of stream ${stream} are dropped and not in the ledger: ${left.map(({ n }) => n).join()}`)
  }

  /** A no-show had their grace since the shard came back to life. */
  #isFair ({ at, entry }: Commit): void {
    if (entry === null || at >= this.#servedSince + LEAST_GRACE_MS) return
    for (const event of (JSON.parse(entry) as Entry).events) {
      if (event.type === 'ended' && event.why === 'no-show') this.#verdict.fail('INV-9', `${event.claim.id} is a no-show ${at - this.#servedSince} ms after the shard came back to life`)
    }
  }

  /** INV-1 and INV-2 in what one record says. */
  #isSound (key: Key, body: string): void {
    if (key.startsWith('day/')) {
      const { holdings } = decodeRecord(key, body) as { holdings: ReadonlyArray<{ claim: Claim }> }
      for (const [a, b] of pairs(holdings.map(({ claim }) => claim))) this.#verdict.hold(!overlaps(a, b), 'INV-1', () => `${key} in the store has ${JSON.stringify([a, b])}`)
    } else if (key.startsWith('person/')) {
      const { slots } = decodeRecord(key, body) as { slots: ReadonlyArray<Span & { kind: string }> }
      const desks = slots.filter(({ kind }) => kind === 'desk')
      for (const { from } of desks) {
        const held = desks.filter(slot => slot.from <= from && from < slot.to)
        this.#verdict.hold(held.length <= MOST_DESKS, 'INV-2', () => `${key} in the store has ${JSON.stringify(held)}`)
      }
    }
  }

  #wasRecorded (before: Cursor, entries: readonly LedgerEntry[], { quarantined }: { quarantined: readonly Quarantined[] }): void {
    for (const { n, seqs, entry: { events } } of entries) {
      this.#recorded.set(before.stream, n)
      for (const [floor, seq] of seqs) {
        const last = this.#seqs.get(floor) ?? 0
        this.#verdict.hold(seq === last + 1, 'INV-5', () => `${floor} is recorded at ${seq} of stream ${before.stream}, after ${last}`)
        this.#seqs.set(floor, seq)
      }
      for (const event of events) if ('claim' in event) this.#happened(event.claim, event.type)
    }
    const [refused] = quarantined
    if (refused !== undefined) this.#verdict.fail('INV-1', `the ledger had to set commit ${refused.n} aside: ${JSON.stringify(refused.claims)}`)
    const active = this.#ledger.all(ORG).map(({ claim }) => claim).filter(isActive)
    for (const [a, b] of pairs(active)) {
      this.#verdict.hold(a.space !== b.space || !overlaps(a, b), 'INV-1', () => `the ledger has ${JSON.stringify([a, b])}`)
      this.#verdict.hold(!a.sole || !b.sole || a.person !== b.person || a.kind !== b.kind || !overlaps(a, b), 'INV-2', () => `the ledger has ${JSON.stringify([a, b])}`)
    }
  }

  /** Commits that no entry told of: the store was there, and the ledger is now. */
  #wasResynced (_: Cursor, { claims, floors }: Resync): void {
    for (const { claim } of claims) this.histories.set(claim.id, [...this.histories.get(claim.id) ?? [], claim])
    for (const { floor, to } of floors) this.#seqs.set(floor, to)
  }

  #happened (claim: Claim, type: string): void {
    const known = this.histories.get(claim.id)
    if (known === undefined) this.histories.set(claim.id, [claim])
    else known.push(claim)
    this.#verdict.hold((known === undefined) === (type === 'granted'), 'INV-4', () => `the ledger hears "${type}" of ${claim.id} ${known === undefined ? 'first' : 'again'}`)
    const before = known?.at(-2)
    this.#verdict.hold(before === undefined || isActive(before), 'INV-4', () => `the ledger hears "${type}" of ${claim.id} after its end`)
  }
}

function * pairs<T> (all: readonly T[]): Iterable<[T, T]> {
  for (const [i, a] of all.entries()) for (const b of all.slice(i + 1)) yield [a, b]
}
