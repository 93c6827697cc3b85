import assert from 'node:assert/strict'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { decodeRecord, encodeAddition, encodeRecord } from '../../src/application/codec.ts'
import type { Command, Outcome } from '../../src/domain/command.ts'
import { decide, type Decision } from '../../src/domain/decide.ts'
import type { AnyRecord, Change, Changes, Known, Records } from '../../src/domain/draft.ts'
import type { ErrorCode, ErrorDetail } from '../../src/domain/errors.ts'
import type { Event } from '../../src/domain/event.ts'
import type { FloorId, SiteId } from '../../src/domain/ids.ts'
import { claimKey, spaceKey, typeOf, type Key } from '../../src/domain/keys.ts'
import type { Policy } from '../../src/domain/policy.ts'
import type { Rules } from '../../src/domain/rules.ts'
import type { ClaimRecord, SpaceRecord } from '../../src/domain/space.ts'
import type { Millis, SiteCalendar } from '../../src/domain/time.ts'
import { deepFreeze } from './freeze.ts'
import { Replay } from './replay.ts'

/** What a command came to. */
export type Answer =
  | { ok: true, outcome: Outcome, events: readonly Event[], changed: boolean }
  | { ok: false, code: ErrorCode, detail: ErrorDetail }

export interface Site {
  policy: Policy
  calendar: SiteCalendar
}

const ABSENT: Known = deepFreeze({ version: 0, value: null })
/** More reads than any command asks for one after another. */
const MOST_READS = 300

/**
 * The smallest store there can be, around the rules: records in a map, versions, deadlines, and a ledger that hears the events. Everything that goes into
 * `decide` is frozen and decided twice, every record goes through its encoding, and every commit is held to the store's contract.
 */
export class World {
  readonly records = new Map<Key, Known>()
  readonly due = new Map<string, Millis>()
  readonly seqs = new Map<FloorId, number>()
  readonly events: Event[] = []
  readonly replay = new Replay()
  readonly sites = new Map<SiteId, Site>()
  readonly #calendars = luxonCalendars()
  now: Millis
  noShowsNotBefore: Millis = 0
  provisional = false
  #commits = 0

  constructor (now: Millis) {
    this.now = now
  }

  /** Decide from what is there, and commit. */
  run (command: Command): Answer {
    const decision = this.decide(command)
    if (decision.state === 'refused') return { ok: false, code: decision.refusal.code, detail: decision.refusal.detail }
    const { changes, outcome } = decision
    if (changes !== null) assert.ok(this.commit(changes), 'what was just read has not changed')
    return { ok: true, outcome, events: changes?.events ?? [], changed: changes !== null }
  }

  /** `from`: records to decide from, complete or not; what is missing is read now. */
  decide (command: Command, from: ReadonlyMap<Key, Known> = new Map()): Exclude<Decision, { state: 'need' }> {
    const known = new Map(from)
    const rules = this.rules(command)
    deepFreeze(command)
    for (let reads = 0; reads < MOST_READS; reads++) {
      const decision = decide(records(known), command, rules)
      assert.deepEqual(decide(records(known), command, rules), decision, 'the same input gives the same decision')
      if (decision.state !== 'need') return decision
      assert.ok(decision.keys.length > 0)
      for (const key of decision.keys) {
        assert.ok(!known.has(key), `${key} is asked for once`)
        known.set(key, this.records.get(key) ?? ABSENT)
      }
    }
    throw new Error(`${command.type} never has enough records`)
  }

  /** False, and nothing written, when a record is not as it was read. `decidedAt`: a slow node may commit late. */
  commit (changes: Changes, decidedAt: Millis = this.now): boolean {
    if (changes.checks.some(({ key, version }) => (this.records.get(key) ?? ABSENT).version !== version)) return false
    keepsContract(changes, decidedAt)
    this.#commits++
    for (const floor of changes.floors) this.seqs.set(floor, (this.seqs.get(floor) ?? 0) + 1)
    for (const change of changes.writes) {
      const { key, floor } = change
      const version = floor === null ? this.#commits : this.seqs.get(floor) ?? 0
      const value = throughCodec(change, this.records.get(key)?.value ?? null)
      if (value === null) this.records.delete(key)
      else this.records.set(key, deepFreeze({ version, value }))
    }
    for (const { name, at } of changes.due) {
      if (at === null) this.due.delete(name)
      else this.due.set(name, at)
    }
    for (const event of changes.events) {
      this.replay.apply(event)
      this.events.push(event)
    }
    return true
  }

  /** Time passes. A keeper that is there does at its moment whatever is due until then. */
  advanceTo (to: Millis): void {
    for (;;) {
      const next = Math.min(...this.due.values())
      if (next > to) break
      this.now = Math.max(this.now, next)
      this.tick()
      for (const [name, at] of this.due) assert.ok(at > this.now || name.startsWith('claim/'), 'what was due is not due again at once')
    }
    this.now = Math.max(this.now, to)
  }

  /** What a keeper does when it looks: everything due by now, one commit per floor. */
  tick (): void {
    const names = [...this.due].filter(([, at]) => at <= this.now).map(([name]) => name)
    const floors = new Map<FloorId, string[]>()
    for (const name of names.filter(name => name.startsWith('space/'))) {
      const id = name.slice('space/'.length)
      const floor = this.space(id)?.floor ?? ''
      floors.set(floor, [...floors.get(floor) ?? [], id])
    }
    for (const spaces of floors.values()) assert.ok(this.run({ type: 'tick', spaces }).ok)
    const claims = names.filter(name => name.startsWith('claim/')).map(name => name.slice('claim/'.length))
    if (claims.length > 0) assert.ok(this.run({ type: 'forget', claims }).ok)
  }

  space (id: string): SpaceRecord | null {
    return (this.records.get(spaceKey(id))?.value ?? null) as SpaceRecord | null
  }

  claim (id: string): ClaimRecord | null {
    return (this.records.get(claimKey(id))?.value ?? null) as ClaimRecord | null
  }

  /** Always open. */
  calendarIn (zone: string): SiteCalendar {
    return this.#calendars.of({ zone, hours: null })
  }

  rules (command: Command): Rules {
    const site = this.sites.get(this.#siteOf(command) ?? '') ?? this.sites.values().next().value
    assert.ok(site !== undefined, 'a world has a site')
    return { now: this.now, policy: deepFreeze(site.policy), calendar: site.calendar, noShowsNotBefore: this.noShowsNotBefore, provisional: this.provisional }
  }

  #siteOf (command: Command): SiteId | undefined {
    switch (command.type) {
      case 'place':
      case 'disown':
      case 'present': return command.site
      case 'tick':
      case 'confirm': return this.space(command.spaces[0] ?? '')?.site
      case 'check-in':
      case 'release':
      case 'revoke':
      case 'change': return this.space(this.claim(command.claim)?.claim.space ?? '')?.site
      case 'forget': return undefined
      default: return this.space(command.space)?.site
    }
  }
}

function records (known: ReadonlyMap<Key, Known>): Records {
  return { has: key => known.has(key), get: key => known.get(key) }
}

function throughCodec ({ key, value, added }: Change, before: AnyRecord | null): AnyRecord | null {
  if (value === null) return null
  const back = decodeRecord(key, encodeRecord(key, value))
  assert.deepEqual(back, value, 'a record is what its encoding says')
  if (added === null) return back
  assert.ok(before !== null, 'there is something to add to')
  assert.deepEqual(decodeRecord(key, `${encodeRecord(key, before)}\n${encodeAddition(key, added)}`), value, 'a record with something added says the same')
  return back
}

/** What the store, the ledger and the keeper count on. */
function keepsContract (changes: Changes, now: Millis): void {
  const checked = new Set(changes.checks.map(({ key }) => key))
  const told = new Set(changes.events.flatMap(event => event.type === 'moved' ? [event.floor, event.was.floor] : [event.floor]))
  for (const { key, floor } of changes.writes) {
    assert.ok(checked.has(key), `${key} is checked before it is written`)
    assert.equal(floor !== null, ['floor', 'space', 'day'].includes(typeOf(key)), `${key} takes the version that its type has`)
    if (floor !== null) assert.ok(changes.floors.includes(floor), `the seq of ${floor} grows`)
  }
  assert.deepEqual([...told].sort(), [...changes.floors].sort(), 'exactly those floors change that the ledger hears of (INV-5)')
  assert.equal(new Set(changes.writes.map(({ key }) => key)).size, changes.writes.length, 'each record is written once')
  // A claim that ends when its id is long too old, because no keeper was there, may be forgotten at once; a space due at once would keep the keeper busy for ever.
  for (const { name, at } of changes.due) assert.ok(at === null || at > now || name.startsWith('claim/'), `${name} is due later than now`)
}
