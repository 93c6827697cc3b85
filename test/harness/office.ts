import assert from 'node:assert/strict'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import type { SiteHours } from '../../src/application/ports.ts'
import type { Claim } from '../../src/domain/claim.ts'
import type { ChangeClaim, ClaimSpace, Command, Placing } from '../../src/domain/command.ts'
import type { ErrorCode } from '../../src/domain/errors.ts'
import type { Person } from '../../src/domain/person.ts'
import { effectivePolicy, type PolicyChange } from '../../src/domain/policy.ts'
import type { ReadingValue, SpaceKind, SpaceRecord } from '../../src/domain/space.ts'
import { DAY, type Millis } from '../../src/domain/time.ts'
import { checkWorld } from './invariants.ts'
import { World, type Answer } from './world.ts'

const calendars = luxonCalendars()

/** Monday, 2 March 2026. */
const MONDAY = '2026-03-02'
export const ZURICH = 'Europe/Zurich'

/** A site that is open daily from `opens` to `closes`. */
export function daily (zone: string, opens: string, closes: string): SiteHours {
  const hours = { opens, closes }
  return { zone, hours: { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours, 6: hours, 7: hours } }
}

/** `09:30` or `09:30:15` in Zurich on that Monday in winter, or so many days later. */
export function at (clock: string, daysLater = 0): Millis {
  const moment = Date.parse(`${MONDAY}T${clock}+01:00`)
  assert.ok(Number.isFinite(moment), `${clock} is a time of day`)
  return moment + daysLater * DAY
}

/** A UUIDv7 of that moment. */
export function claimId (moment: Millis, n: number): string {
  const time = moment.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`
}

export function person (id: string, more: Partial<Person> = {}): Person {
  return { id, name: `${id.slice(0, 1).toUpperCase()}${id.slice(1)}`, visibility: 'everyone', groups: [], ...more }
}

export interface Asked extends Partial<Omit<ClaimSpace, 'person' | 'type'>> {
  space: string
  person?: string | Person
}

/**
 * An office of one site with two floors, hq-1 (desks d1 d2 d3, rooms r1 r2, locker l1, parking p1, sensor-only s1) and hq-2 (desks e1 e2), at nine o'clock on a Monday.
 * Open daily from 07:00 to 20:00. After every command all invariants are checked.
 */
export class Office extends World {
  #ids = 0

  constructor (options: { now?: Millis, hours?: SiteHours, policy?: PolicyChange } = {}) {
    super(options.now ?? at('09:00'))
    this.govern(options.policy ?? {}, options.hours ?? daily(ZURICH, '07:00', '20:00'))
    this.build('hq-1', { d1: 'desk', d2: 'desk', d3: 'desk', r1: 'room', r2: 'room', l1: 'locker', p1: 'parking', s1: 'desk' })
    this.build('hq-2', { e1: 'desk', e2: 'desk' })
  }

  /** The site's rules from now on; the records follow with `replan`. */
  govern (policy: PolicyChange, hours: SiteHours): void {
    this.sites.set('hq', { policy: effectivePolicy(policy), calendar: calendars.of(hours) })
  }

  build (floor: string, kinds: Readonly<Record<string, SpaceKind>>): void {
    const spaces = Object.entries(kinds).map(([space, kind]) => ({ space, kind, zone: null, sensorOnly: space.startsWith('s'), removed: false }))
    assert.ok(this.place(floor, spaces).ok)
  }

  place (floor: string, spaces: readonly Placing[], release = false): Answer {
    const record = { site: 'hq', plan: 1, policy: 1, name: floor, spaces: spaces.map(({ space }) => space) }
    return this.does({ type: 'place', floor, site: 'hq', floorRecord: record, spaces, release })
  }

  /** A space's part of the plan as it is, with something else about it. */
  placing (space: string, change: Partial<Placing> = {}): Placing {
    const { zone, kind, sensorOnly, removed } = this.record(space)
    return { space, zone, kind, sensorOnly, removed, ...change }
  }

  /** Every space again under the site's present rules. */
  replan (): void {
    for (const floor of ['hq-1', 'hq-2']) {
      const spaces = ['d1', 'd2', 'd3', 'r1', 'r2', 'l1', 'p1', 's1', 'e1', 'e2'].filter(space => this.record(space).floor === floor)
      assert.ok(this.place(floor, spaces.map(space => this.placing(space))).ok)
    }
  }

  does (command: Command): Answer {
    const answer = this.run(command)
    checkWorld(this, ({ kind }) => Math.max(...[...this.sites.values()].map(({ policy }) => policy.overlapping[kind] ?? Infinity)))
    return answer
  }

  asked ({ person: who = 'ada', ...more }: Asked): ClaimSpace {
    const holder = typeof who === 'string' ? person(who) : who
    const id = more.id ?? claimId(this.now, ++this.#ids)
    return { type: 'claim', id, hash: `hash of ${id}`, person: holder, by: `person:${holder.id}`, from: null, to: null, checkIn: false, eligible: [], ...more }
  }

  claims (asked: Asked): Answer {
    return this.does(this.asked(asked))
  }

  granted (asked: Asked): Claim {
    return claimOf(this.claims(asked))
  }

  checksIn (claim: Claim): Answer {
    return this.does({ type: 'check-in', claim: claim.id })
  }

  releases (claim: Claim): Answer {
    return this.does({ type: 'release', claim: claim.id })
  }

  changes (claim: Claim, change: Partial<ChangeClaim>): Answer {
    return this.does({ type: 'change', claim: claim.id, to: null, space: null, person: person(claim.person), eligible: [], ...change })
  }

  blocks (space: string, until: Millis | null = null, reason: string | null = null): Answer {
    return this.does({ type: 'block', space, until, reason, by: 'person:max' })
  }

  unblocks (space: string): Answer {
    return this.does({ type: 'unblock', space })
  }

  reads (space: string, value: ReadingValue, measured: Millis = this.now): Answer {
    return this.does({ type: 'read', space, value, at: measured })
  }

  record (id: string): SpaceRecord {
    const space = this.space(id)
    assert.ok(space !== null, `${id} is a space`)
    return space
  }

  /** As it is by now. */
  claimNow (claim: Claim): Claim {
    const record = this.claim(claim.id)
    assert.ok(record !== null, 'the claim is known')
    return record.claim
  }
}

/** The claim that a command was about, as it is afterwards. */
export function claimOf (answer: Answer): Claim {
  assert.ok(answer.ok && answer.outcome.claim !== null, `not refused: ${JSON.stringify(answer)}`)
  return answer.outcome.claim
}

export function refused (answer: Answer, code: ErrorCode, detail: Readonly<Record<string, unknown>> = {}): void {
  assert.ok(!answer.ok, `${code}, not granted`)
  assert.equal(answer.code, code)
  for (const [name, value] of Object.entries(detail)) assert.deepEqual(answer.detail[name], value, name)
}

/** What was told, in order. */
export function told (answer: Answer): string[] {
  assert.ok(answer.ok, `not refused: ${JSON.stringify(answer)}`)
  return answer.events.map(({ type }) => type)
}
