import type { Commands } from '../../../src/application/commands.ts'
import type { PerchNode } from '../../../src/application/node.ts'
import type { Principal } from '../../../src/application/principal.ts'
import type { Claim } from '../../../src/domain/claim.ts'
import type { Command } from '../../../src/domain/command.ts'
import type { PolicyChange } from '../../../src/domain/policy.ts'
import { DAY, HOUR, MINUTE, utcDays, type Millis } from '../../../src/domain/time.ts'
import { toMoment } from '../../../src/protocol/time.ts'
import { seeded } from '../../harness/random.ts'
import { claimId } from '../../harness/office.ts'
import { FAR, type Nodes } from './nodes.ts'
import { FLOORS, ORG, PEOPLE, PRINCIPALS, SITES, SPACES } from './office.ts'

/** One command with its arguments fixed, for one store and then for the other. */
export interface Step {
  what: string
  run (nodes: Nodes): Promise<unknown>
}

const QUARTER = 15 * MINUTE
/** A claim of about this many back may still be asked for. */
const RECENT = 12

const POLICIES: readonly PolicyChange[] = [
  {}, { overlapping: { desk: 2, room: 1 } }, { releaseGraceMs: null, checkInEarlyMs: HOUR }, { readingEndsAfterMs: 5 * MINUTE, readingChecksIn: false },
  { longestStayMs: 8 * HOUR, horizonMs: 2 * DAY }, { minStayMs: 2 * HOUR, readingMarks: false, overlapping: { desk: null } }
]
const HOURS = [null, null, Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map(day => [day, { opens: '01:30', closes: '24:00' }]))]

/** Writes the story that both stores live through: commands that mostly make sense, and time that mostly passes in minutes. */
export class Author {
  readonly #random: () => number
  /** Asked for, and granted as far as the author has learnt; newest last. */
  readonly #asked: string[] = []
  readonly #granted: string[] = []
  #now: Millis = FAR
  #n = 0

  constructor (seed: number) {
    this.#random = seeded(seed)
  }

  next (): Step {
    const weighted: Array<[number, () => Step]> = [
      [40, () => this.#claim()], [26, () => this.#onClaim()], [8, () => this.#change()], [5, () => this.#block()], [10, () => this.#read()], [5, () => this.#ask()],
      [18, () => this.#pass()], [4, () => this.#inside()], [0.7, () => this.#record()], [0.4, () => this.#govern()], [0.2, () => ({ what: 'recover', run: nodes => nodes.recover() })]
    ]
    let left = this.#random() * weighted.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, make] of weighted) if ((left -= weight) < 0) return make()
    return this.#claim()
  }

  /** Most of what follows is about claims that there are. */
  learn (answer: unknown): void {
    if (typeof answer !== 'object' || answer === null || !('claim' in answer) || !('position' in answer)) return
    const { id } = answer.claim as Claim
    if (!this.#granted.slice(-200).includes(id)) this.#granted.push(id)
  }

  #claim (): Step {
    const old = this.#chance(0.06) ? this.#recent() : undefined
    const id = old ?? claimId(this.#now - this.#one([0, 0, 0, 0, 0, 0, 0, 0, 6 * DAY, 8 * DAY]), ++this.#n)
    if (old === undefined) this.#asked.push(id)
    const from = this.#chance(0.6) ? this.#moment(this.#below(this.#chance(0.9) ? 16 : 400)) : undefined
    const to = this.#chance(0.85) ? (from ?? this.#moment(0)) + this.#below(this.#chance(0.9) ? 12 : 300) * QUARTER : undefined
    const who = this.#one([...PEOPLE, ...PEOPLE, ...PEOPLE, 'nobody', undefined])
    const person = who !== undefined && this.#chance(0.1) ? { badge: who } : who
    const request = {
      id,
      space: this.#space(),
      ...(person === undefined ? {} : { person }),
      ...(from === undefined ? {} : { from: toMoment(from) }),
      ...(to === undefined ? {} : { to: toMoment(to) }),
      ...(this.#chance(0.2) ? { checkIn: true } : {}),
      await: 'accepted' as const
    }
    return this.#by('claim', request, (commands, principal) => commands.claim(principal, request))
  }

  #onClaim (): Step {
    const id = this.#recent()
    return this.#one<() => Step>([
      () => this.#by('check-in', id, (commands, principal) => commands.checkIn(principal, id, 'accepted')),
      () => this.#by('check-in', id, (commands, principal) => commands.checkIn(principal, id, 'accepted')),
      () => this.#by('release', id, (commands, principal) => commands.release(principal, id, 'accepted'))
    ])()
  }

  #change (): Step {
    const id = this.#recent()
    const change = {
      ...(this.#chance(0.7) ? { to: toMoment(this.#moment(this.#below(24))) } : {}), ...(this.#chance(0.5) ? { space: this.#space() } : {}), await: 'accepted' as const
    }
    return this.#by(`change ${id}`, change, (commands, principal) => commands.change(principal, id, change))
  }

  #block (): Step {
    const space = this.#space()
    const request = { ...(this.#chance(0.8) ? { until: toMoment(this.#moment(this.#below(6))) } : {}), ...(this.#chance(0.3) ? { reason: 'paint' } : {}) }
    if (this.#chance(0.5)) return this.#by('unblock', space, (commands, principal) => commands.unblock(principal, space))
    return this.#by(`block ${space}`, request, (commands, principal) => commands.block(principal, space, request))
  }

  /** One reading at a time: of several that are worked on at once the order is nobody's promise. */
  #read (): Step {
    const reading = { space: this.#space(), value: this.#one(['occupied', 'vacant', 'unknown'] as const), ageMs: this.#below(this.#chance(0.8) ? 2 * MINUTE : HOUR) }
    return this.#by('read', reading, (commands, principal) => commands.read(principal, { readings: [reading] }))
  }

  #ask (): Step {
    const id = this.#recent()
    const query = this.#one([{ person: this.#one(PEOPLE) }, { space: this.#space() }, { floor: this.#one([...Object.keys(FLOORS), 'nowhere']) }, { from: this.#now, to: this.#now + 3 * DAY }])
    if (this.#chance(0.5)) return this.#by('find', id, (commands, principal) => commands.find(principal, id))
    return this.#by('claims', query, (commands, principal) => commands.claims(principal, query))
  }

  #pass (): Step {
    const ms = this.#chance(0.95) ? this.#below(20 * MINUTE) : this.#one([QUARTER, HOUR, 5 * HOUR, DAY, 9 * DAY])
    const keeper = this.#chance(0.8)
    this.#now += ms
    return {
      what: `pass ${ms} ms${keeper ? ', the keeper works' : ''}`,
      run: async nodes => {
        await nodes.pass(ms)
        if (keeper) await nodes.keep()
      }
    }
  }

  /** What no caller asks for: the node does it by itself. */
  #inside (): Step {
    const [space, person, id] = [this.#one(SPACES), this.#one(PEOPLE), this.#recent()]
    const [floor, { site }] = Object.entries(FLOORS).find(([, { spaces }]) => space in spaces) ?? ['', { site: '' }]
    const kind = FLOORS[floor]?.spaces[space] ?? 'desk'
    const days = utcDays({ from: this.#now - 3 * DAY, to: this.#now + 8 * DAY })
    const command = this.#one<Command>([
      { type: 'confirm', spaces: [space] },
      { type: 'present', site, person, name: this.#one([person, null]), days },
      { type: 'revoke', claim: id },
      { type: 'place', floor, site, floorRecord: null, spaces: [{ space, kind, zone: null, sensorOnly: space === 's1', removed: this.#chance(0.4) }], release: this.#chance(0.5) }
    ])
    const node = this.#below(2)
    return { what: `node ${node}: ${JSON.stringify({ ...command, days: undefined })}`, run: async nodes => await nodes.nodes[node === 0 ? 0 : 1].transact(ORG, command, { site }, 'perch') }
  }

  #record (): Step {
    const behind = this.#chance(0.3)
    return { what: `record, behind: ${behind}`, run: nodes => nodes.record(behind) }
  }

  #govern (): Step {
    const [site, policy, hours] = [this.#one(Object.values(SITES)), this.#one(POLICIES), this.#one(HOURS)]
    const changed = { ...site, policy, hours: { ...site.hours, hours } }
    return {
      what: `govern ${JSON.stringify(changed)}`,
      run: async nodes => {
        await nodes.directory.putSite(ORG, changed)
        await nodes.follow(site.id)
      }
    }
  }

  #by (what: string, request: unknown, run: (commands: Commands, principal: Principal, node: PerchNode) => Promise<unknown>): Step {
    const principal = this.#chance(0.8) ? PRINCIPALS[0] : this.#one(PRINCIPALS)
    const at = this.#below(2)
    return {
      what: `node ${at}, ${principal.id}: ${what} ${JSON.stringify(request)}`,
      run: async ({ nodes }) => {
        const node = nodes[at === 0 ? 0 : 1]
        return await run(node.commands, principal, node)
      }
    }
  }

  #space (): string {
    return this.#chance(0.02) ? 'nowhere' : this.#one(SPACES)
  }

  #recent (): string {
    const ids = this.#chance(0.95) ? this.#granted : this.#asked
    return ids[Math.max(0, ids.length - 1 - this.#below(this.#chance(0.9) ? RECENT : 200))] ?? claimId(this.#now, 0)
  }

  /** So many quarters of an hour after the next one. */
  #moment (quarters: number): Millis {
    return (Math.ceil(this.#now / QUARTER) + quarters) * QUARTER
  }

  #chance (of: number): boolean {
    return this.#random() < of
  }

  #below (limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #one<T> (of: readonly T[]): T {
    const found = of[this.#below(of.length)]
    if (found === undefined && !of.includes(found as T)) throw new RangeError('nothing to choose from')
    return found as T
  }
}
