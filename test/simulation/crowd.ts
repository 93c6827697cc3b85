import type { ClaimAnswer } from '../../src/application/commands.ts'
import type { Principal } from '../../src/application/principal.ts'
import { errors, PerchError } from '../../src/domain/errors.ts'
import { SECOND, type Millis } from '../../src/domain/time.ts'
import type { ClaimRequest } from '../../src/protocol/requests.ts'
import { toMoment } from '../../src/protocol/time.ts'
import { claimId } from '../harness/office.ts'
import type { Answers } from './answers.ts'
import type { SimulatedNode } from './node.ts'
import type { Scheduler } from './scheduler.ts'
import { ADMIN, CLAIMABLE, HIDDEN, KIOSK, MANAGER, memberOf, PEOPLE, POLICIES, SENSOR, SITE, SPACES } from './setting.ts'
import type { Verdict } from './verdict.ts'

/** A caller that hears nothing for so long asks again. */
const PATIENCE_MS = 4_000
const MOST_TRIES = 4
const AGAIN_MS = 400
/** Claims back that are still asked about. */
const RECENT = 24

export interface CrowdParts {
  scheduler: Scheduler
  verdict: Verdict
  answers: Answers
  anyNode (): SimulatedNode | null
}

interface Asked {
  principal: Principal
  request: ClaimRequest & { id: string }
}

type Ask = (node: SimulatedNode) => Promise<ClaimAnswer>

/** Everybody who asks something: members, kiosks, managers, sensors and admins, on any node, and again with the same id when no answer came. */
export class Crowd {
  readonly #parts: CrowdParts
  readonly #asked: Asked[] = []
  #ids = 0
  commands = 0

  constructor (parts: CrowdParts) {
    this.#parts = parts
  }

  /** One more command, of any kind. */
  next (): void {
    const { scheduler } = this.#parts
    this.commands++
    const weighted: Array<[number, () => void]> = [
      [40, () => this.#claim()], [8, () => this.#again()], [14, () => this.#on('check-in')], [9, () => this.#on('release')], [9, () => this.#change()],
      [4, () => this.#block()], [10, () => this.#read()], [2, () => this.#look()], [0.7, () => this.#govern()], [0.7, () => this.#present()]
    ]
    let left = scheduler.random() * weighted.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, run] of weighted) if ((left -= weight) < 0) return run()
  }

  #claim (): void {
    const { scheduler } = this.#parts
    const person = scheduler.chance(0.1) ? HIDDEN : scheduler.one(PEOPLE)
    const from = scheduler.chance(0.5) ? undefined : toMoment(this.#second(scheduler.below(14)))
    const to = toMoment((from === undefined ? this.#second(1) : Date.parse(from) + SECOND) + SECOND * scheduler.below(scheduler.chance(0.8) ? 6 : 40))
    const asked = this.#forWhom(person, {
      id: claimId(Math.floor(scheduler.now), ++this.#ids),
      space: this.#space(),
      to,
      ...(from === undefined ? {} : { from }),
      ...(scheduler.chance(0.25) ? { checkIn: true } : {}),
      ...(scheduler.chance(0.4) ? { await: 'accepted' as const } : {})
    })
    this.#asked.push(asked)
    this.#claims(asked)
  }

  #forWhom (person: string, request: Asked['request']): Asked {
    const { scheduler } = this.#parts
    if (person !== HIDDEN && scheduler.chance(0.2)) return { principal: KIOSK, request: { ...request, person: { badge: `badge of ${person}` } } }
    if (scheduler.chance(0.2)) return { principal: MANAGER, request: { ...request, person } }
    return { principal: memberOf(person), request }
  }

  #claims ({ principal, request }: Asked): void {
    this.#ask(`claim ${JSON.stringify(request)}`, request.id, JSON.stringify(request), async node => await node.perch.commands.claim(principal, request))
  }

  /** The very same once more, or something else under the id. */
  #again (): void {
    const asked = this.#recent()
    if (asked === null) return
    if (this.#parts.scheduler.chance(0.7)) return this.#claims(asked)
    const { principal, request } = asked
    const other = { ...request, space: request.space === 'd1' ? 'd2' : 'd1', checkIn: true }
    this.#ask(`claim ${JSON.stringify(other)}`, request.id, JSON.stringify(other), async node => await node.perch.commands.claim(principal, other))
  }

  #on (what: 'check-in' | 'release'): void {
    const asked = this.#recent()
    if (asked === null) return
    const wait = this.#parts.scheduler.chance(0.4) ? 'accepted' : 'persisted'
    const { principal, request: { id } } = asked
    this.#ask(`${what} ${id}`, id, null, async ({ perch: { commands } }) => what === 'release' ? await commands.release(principal, id, wait) : await commands.checkIn(principal, id, wait))
  }

  #change (): void {
    const asked = this.#recent()
    if (asked === null) return
    const { scheduler } = this.#parts
    const change = { ...(scheduler.chance(0.6) ? { to: toMoment(this.#second(scheduler.below(16))) } : {}), ...(scheduler.chance(0.6) ? { space: this.#space() } : {}) }
    this.#ask(`change ${asked.request.id} ${JSON.stringify(change)}`, asked.request.id, null, async node => await node.perch.commands.change(asked.principal, asked.request.id, change))
  }

  #block (): void {
    const { scheduler } = this.#parts
    const space = scheduler.one(SPACES)
    if (scheduler.chance(0.6)) return this.#tell(`unblock ${space}`, async node => await node.perch.commands.unblock(ADMIN, space))
    const request = scheduler.chance(0.8) ? { until: toMoment(this.#second(scheduler.below(12))) } : {}
    this.#tell(`block ${space} ${JSON.stringify(request)}`, async node => await node.perch.commands.block(ADMIN, space, request))
  }

  #read (): void {
    const { scheduler } = this.#parts
    const readings = Array.from({ length: 1 + scheduler.below(3) }, () => ({
      space: scheduler.one(SPACES), value: scheduler.one(['occupied', 'vacant', 'vacant', 'unknown'] as const), ageMs: scheduler.below(scheduler.chance(0.8) ? 500 : 8_000)
    }))
    this.#tell(`read ${JSON.stringify(readings)}`, async node => await node.perch.commands.read(SENSOR, { readings }))
  }

  #look (): void {
    const { scheduler } = this.#parts
    const person = scheduler.one(PEOPLE)
    this.#tell(`claims of ${person}`, async node => await node.perch.commands.claims(memberOf(person), { person }))
  }

  #govern (): void {
    const { scheduler } = this.#parts
    const policy = scheduler.one(POLICIES)
    this.#tell(`govern ${JSON.stringify(policy)}`, async node => await node.admin.putSite(ADMIN, SITE, { name: 'Headquarters', zone: 'Europe/Zurich', policy }))
  }

  #present (): void {
    const { scheduler } = this.#parts
    const [id, name] = [scheduler.one(PEOPLE), `Name ${scheduler.below(1_000)}`]
    this.#tell(`present ${id} as ${name}`, async node => await node.admin.putPerson(ADMIN, id, { id, name, visibility: scheduler.chance(0.3) ? 'hidden' : 'everyone' }))
  }

  /** A command whose answer nobody builds on. */
  #tell (what: string, run: (node: SimulatedNode) => Promise<unknown>): void {
    const node = this.#parts.anyNode()
    if (node === null) return
    this.#reach(node, what, () => { run(node).catch((error: unknown) => this.#codeOf(error, what)) })
  }

  /** Asks until there is an answer that is one, on whatever node takes connections. `content`: of a claim that is asked for. */
  #ask (what: string, id: string, content: string | null, ask: Ask, tries = 1): void {
    const { scheduler, answers, anyNode } = this.#parts
    const node = anyNode()
    const retry = (ms: number): void => { if (tries < MOST_TRIES) scheduler.after(ms, () => this.#ask(what, id, content, ask, tries + 1)) }
    if (node === null) return retry(AGAIN_MS)
    const promised = answers.isPersisted(id)
    const patience = scheduler.after(PATIENCE_MS, () => retry(0))
    this.#reach(node, what, () => ask(node).then(async answer => {
      patience.run = null
      scheduler.note(node.process.name, () => `answers ${id}: ${JSON.stringify(answer.claim.life)} ${answer.claim.space}, persisted ${answer.persisted}, at ${answer.position.epoch}-${answer.position.seq}`)
      await answers.done(answer, promised, content)
    }, (error: unknown) => {
      patience.run = null
      const code = this.#codeOf(error, what)
      if (code === null) return
      scheduler.note(node.process.name, () => `answers ${id}: ${code}`)
      answers.no(code, id, promised, content)
      if (errors[code].retry) retry(AGAIN_MS)
    }).catch((error: unknown) => this.#codeOf(error, what)))
  }

  /** The question is on its way; a node that is paused finds it when it wakes up. */
  #reach ({ process }: SimulatedNode, what: string, run: () => void): void {
    const { scheduler } = this.#parts
    process.after(scheduler.between(0.05, 2), () => {
      scheduler.note(process.name, () => `is asked to ${what}`)
      run()
    })
  }

  #codeOf (error: unknown, what: string): PerchError['code'] | null {
    if (error instanceof PerchError && error.code !== 'INTERNAL') return error.code
    this.#parts.verdict.fail('error', `${what}: ${error instanceof Error ? error.stack : String(error)}`)
    return null
  }

  /** Mostly one that was granted, as far as anybody heard. */
  #recent (): Asked | null {
    const { scheduler, answers } = this.#parts
    const recent = this.#asked.slice(-RECENT)
    const granted = recent.filter(({ request }) => answers.knows(request.id))
    const from = granted.length > 0 && scheduler.chance(0.85) ? granted : recent
    return from.length === 0 ? null : scheduler.one(from)
  }

  #space (): string {
    const { scheduler } = this.#parts
    return scheduler.one(scheduler.chance(0.97) ? CLAIMABLE : SPACES)
  }

  /** So many seconds from now, on a whole one. */
  #second (later: number): Millis {
    return Math.ceil(this.#parts.scheduler.now / SECOND) * SECOND + later * SECOND
  }
}
