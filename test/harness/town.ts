import assert from 'node:assert/strict'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import type { SiteHours } from '../../src/application/ports.ts'
import { isActive, type Claim } from '../../src/domain/claim.ts'
import type { ClaimSpace, Command, Placing } from '../../src/domain/command.ts'
import type { Changes, Known } from '../../src/domain/draft.ts'
import { nextDue } from '../../src/domain/deadlines.ts'
import type { Key } from '../../src/domain/keys.ts'
import type { Person } from '../../src/domain/person.ts'
import { shownName } from '../../src/domain/person.ts'
import { effectivePolicy, type PolicyChange } from '../../src/domain/policy.ts'
import { SPACE_KINDS, type Eligible, type SpaceKind, type SpaceRecord } from '../../src/domain/space.ts'
import { DAY, MINUTE, utcDays, type Millis } from '../../src/domain/time.ts'
import { active, checkWorld } from './invariants.ts'
import { claimId, person } from './office.ts'
import { PEOPLE, SITES, SPACES, type Step, type TownPerson, type TownPlan, type TownSite, type TownSpace } from './town-steps.ts'
import { World, type Answer } from './world.ts'

const calendars = luxonCalendars()
const ABSENT: Known = { version: 0, value: null }
const QUARTER = 15 * MINUTE
const TEAM: Eligible = { people: [], groups: ['team'] }

const FLOORS: Readonly<Record<string, { site: TownSite, spaces: readonly TownSpace[] }>> = {
  'hq-1': { site: 'hq', spaces: ['d1', 'd2', 'v1', 'r1', 's1'] },
  'hq-2': { site: 'hq', spaces: ['e1'] },
  'annex-1': { site: 'annex', spaces: ['a1', 'b1'] }
}
const KINDS: Readonly<Record<TownSpace, SpaceKind>> = { d1: 'desk', d2: 'desk', v1: 'desk', r1: 'room', s1: 'desk', e1: 'desk', a1: 'desk', b1: 'booth' }

/** Two sites in zones of their own, with few spaces and few people, so that random commands meet. */
export class Town extends World {
  /** What was asked for where it was granted, in order. */
  readonly granted: ClaimSpace[] = []
  readonly people: Map<string, Person>
  /** Every version that a record has had, the oldest first. */
  readonly history = new Map<Key, Known[]>()
  /** The most that any policy has allowed so far. */
  readonly #loosest = new Map<SpaceKind, number>()
  readonly #start: Millis
  #ids = 0

  constructor ({ start, hours, policy }: TownPlan) {
    super(start)
    this.#start = start
    this.people = new Map(PEOPLE.map(id => [id, person(id, { groups: id === 'cyd' ? ['team'] : [] })]))
    for (const site of SITES) this.govern(site, policy[site], hours[site])
    for (const [floor, { spaces }] of Object.entries(FLOORS)) {
      this.#place(floor, spaces.map(space => ({ space, kind: KINDS[space], zone: null, sensorOnly: space === 's1', removed: false })), false)
    }
    this.check()
  }

  /** The command that a step stands for; null: nothing to do it with yet, or no command. */
  command (step: Step): Command | null {
    switch (step.do) {
      case 'claim': return this.#claim(step)
      case 'again': return this.#again(step)
      case 'check-in':
      case 'release':
      case 'revoke': {
        const claim = this.nth(step.nth)
        return claim === null ? null : { type: step.do, claim: claim.id }
      }
      case 'change': {
        const claim = this.nth(step.nth)
        const target = step.space ?? claim?.space ?? 'd1'
        return claim === null ? null : { type: 'change', claim: claim.id, to: this.#moment(step.to), space: step.space, person: this.person(claim.person), eligible: eligible(target) }
      }
      case 'block': return { type: 'block', space: step.space, until: this.#moment(step.until), reason: null, by: 'person:max' }
      case 'unblock': return { type: 'unblock', space: step.space }
      case 'read': return { type: 'read', space: step.space, value: step.value, at: this.now - step.age }
      case 'confirm': return { type: 'confirm', spaces: [step.space] }
      case 'forget': {
        const claim = this.nth(step.nth)
        return claim === null ? null : { type: 'forget', claims: [claim.id] }
      }
      case 'place': return this.#placing(step)
      default: return null
    }
  }

  /** What a step comes to; null: it was no command. Nothing is checked yet. */
  take (step: Step): Answer | null {
    const command = this.command(step)
    if (command !== null) return this.obey(command)
    switch (step.do) {
      case 'pass':
        if (step.keeper) this.advanceTo(this.now + step.ms)
        else this.now += step.ms
        break
      case 'keeper':
        this.tick()
        break
      case 'outage':
        this.noShowsNotBefore = this.now + 20 * MINUTE
        break
      case 'ledger':
        this.provisional = step.behind
        break
      case 'present':
        this.#present(step.who, step.hidden)
        break
      case 'govern':
        this.govern(step.site, step.policy, null)
        this.#settle(step.site)
        break
      case 'open':
        this.govern(step.site, null, step.hours)
        break
      default:
    }
    return null
  }

  obey (command: Command): Answer {
    const answer = this.run(command)
    if (command.type === 'claim' && answer.ok && !answer.outcome.repeated) this.granted.push(command)
    return answer
  }

  /** Everything that is true at any time. */
  check (): void {
    checkWorld(this, ({ kind }) => this.#loosest.get(kind) ?? 0)
    for (const id of SPACES) this.#isDueInTime(this.spaceOf(id))
    for (const { value } of this.records.values()) {
      if (value === null || !('holdings' in value)) continue
      for (const { claim, name } of value.holdings) assert.equal(name, nameOnScreens(this.person(claim.person)), 'screens show of a person what they allow now (INV-7)')
    }
  }

  override commit (changes: Changes, decidedAt = this.now): boolean {
    const missed = changes.events.flatMap(event => event.type === 'ended' && event.why === 'no-show' ? this.claim(event.claim.id)?.claim ?? [] : [])
    const lifted = new Map(changes.events.flatMap(event => event.type === 'unblocked' ? [[event.space, Math.min(decidedAt, this.spaceOf(event.space).block?.until ?? decidedAt)]] : []))
    const blocked = missed.filter(({ space }) => this.spaceOf(space).block !== null && !lifted.has(space))
    if (!super.commit(changes, decidedAt)) return false
    assert.deepEqual(blocked, [], 'nobody is a no-show on a blocked space (INV-9)')
    for (const claim of missed) this.#hadTheirGrace(claim, lifted.get(claim.space) ?? 0)
    for (const [space, at] of lifted) this.#haveTheirGrace(space, at)
    for (const { key } of changes.writes) this.history.set(key, [...this.history.get(key) ?? [ABSENT], this.records.get(key) ?? ABSENT])
    return true
  }

  spaceOf (id: string): SpaceRecord {
    const space = this.space(id)
    assert.ok(space !== null, `${id} is a space`)
    return space
  }

  person (id: string): Person {
    return this.people.get(id) ?? person(id)
  }

  /** As it is by now, the active ones first and the newest first; null: nobody knows of any claim. */
  nth (nth: number): Claim | null {
    const known = this.granted.toReversed().flatMap(({ id }) => this.claim(id)?.claim ?? [])
    const sorted = [...known.filter(isActive), ...known.filter(claim => !isActive(claim))]
    return sorted[nth % sorted.length] ?? null
  }

  govern (site: TownSite, policy: PolicyChange | null, hours: SiteHours | null): void {
    const before = this.sites.get(site)
    const next = { policy: policy === null ? before?.policy : effectivePolicy(policy), calendar: hours === null ? before?.calendar : calendars.of(hours) }
    assert.ok(next.policy !== undefined && next.calendar !== undefined)
    for (const kind of SPACE_KINDS) this.#loosest.set(kind, Math.max(this.#loosest.get(kind) ?? 0, next.policy.overlapping[kind] ?? Infinity))
    this.sites.set(site, { policy: next.policy, calendar: next.calendar })
  }

  #claim ({ who, space, from, lasts, checkIn, idAge }: Extract<Step, { do: 'claim' }>): ClaimSpace {
    const id = claimId(this.now - idAge, ++this.#ids)
    const begin = this.#moment(from)
    const to = lasts === null ? null : (begin ?? this.#moment(0) ?? 0) + lasts * QUARTER
    return { type: 'claim', id, hash: `hash of ${id}`, space, person: this.person(who), by: `person:${who}`, from: begin, to, checkIn, eligible: eligible(space) }
  }

  /** The very same request once more, or another one under its id. */
  #again ({ nth, other }: Extract<Step, { do: 'again' }>): ClaimSpace | null {
    const asked = this.granted.at(-1 - nth % Math.max(1, this.granted.length))
    if (asked === undefined) return null
    return other ? { ...asked, hash: `another ${asked.hash}` } : asked
  }

  #placing ({ space, kind, removed, release }: Extract<Step, { do: 'place' }>): Command {
    const { floor, zone, sensorOnly } = this.spaceOf(space)
    return { type: 'place', floor, site: this.spaceOf(space).site, floorRecord: null, spaces: [{ space, kind, zone, sensorOnly, removed }], release }
  }

  #place (floor: string, spaces: readonly Placing[], release: boolean): void {
    const site = FLOORS[floor]?.site ?? ''
    const floorRecord = { site, plan: 1, policy: 1, name: floor, spaces: spaces.map(({ space }) => space) }
    assert.ok(this.run({ type: 'place', floor, site, floorRecord, spaces, release }).ok)
  }

  /** Every space of a site under its new policy. */
  #settle (site: TownSite): void {
    for (const [floor, { spaces, ...of }] of Object.entries(FLOORS)) {
      if (of.site !== site) continue
      this.#place(floor, spaces.map(space => {
        const { kind, zone, sensorOnly, removed } = this.spaceOf(space)
        return { space, kind, zone, sensorOnly, removed }
      }), false)
    }
  }

  #present (who: TownPerson, hidden: boolean): void {
    const shown: Person = { ...this.person(who), visibility: hidden ? 'hidden' : 'everyone' }
    this.people.set(who, shown)
    const days = utcDays({ from: this.#start, to: this.now + 12 * DAY })
    for (const site of SITES) assert.ok(this.run({ type: 'present', site, person: who, name: shownName(shown), days }).ok)
  }

  /** `lifted`: until when the space was blocked. */
  #hadTheirGrace ({ life, space, from }: Claim, lifted: Millis): void {
    assert.ok(life.state === 'booked' && life.releaseAt !== null && life.releaseAt <= this.now, 'a no-show had their grace')
    assert.ok(lifted < from || lifted + this.#grace(space) <= this.now, 'a no-show had their grace after the block (INV-9)')
    assert.ok(this.noShowsNotBefore <= this.now, 'nobody is a no-show who could not check in (INV-9)')
  }

  /** Who waits for the space when its block is lifted can still come. */
  #haveTheirGrace (id: string, lifted: Millis): void {
    for (const { space, from, to, life } of active(this)) {
      if (space !== id || from > lifted || to <= lifted || life.state !== 'booked' || life.releaseAt === null) continue
      assert.ok(life.releaseAt >= lifted + this.#grace(space), 'everybody has their grace after a block (INV-9)')
    }
  }

  #grace (space: string): Millis {
    return this.sites.get(this.spaceOf(space).site)?.policy.releaseGraceMs ?? 0
  }

  /** So many quarters after the next one, to the second. */
  #moment (quarters: number | null): Millis | null {
    return quarters === null ? null : Math.ceil(this.now / QUARTER) * QUARTER + quarters * QUARTER
  }

  /** The record says when it must be looked at next; only an outage moves that moment, and only away. */
  #isDueInTime (space: SpaceRecord): void {
    const site = this.sites.get(space.site)
    if (site === undefined || site.calendar.timeZone !== space.timeZone || (space.due !== null && space.due <= this.now)) return
    const due = nextDue({ now: this.now, noShowsNotBefore: this.noShowsNotBefore, provisional: this.provisional, ...site }, space)
    if (due === null || this.noShowsNotBefore === 0) assert.equal(space.due, due)
    else assert.ok(space.due !== null && space.due <= due, 'the next deadline is not missed')
  }
}

function nameOnScreens ({ visibility, name }: Person): string | null {
  return visibility === 'hidden' ? null : name
}

/** `v1` is for the team. */
function eligible (space: string): Array<Eligible | null> {
  return [space === 'v1' ? TEAM : null]
}
