import { PerchError, errors } from '../../src/domain/errors.ts'
import type { DayRecord, SpaceRecord } from '../../src/domain/space.ts'
import { SECOND } from '../../src/domain/time.ts'
import { toMoment } from '../../src/protocol/time.ts'
import { claimId } from '../harness/office.ts'
import type { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import { compare, of, recordsOf } from './compare.ts'
import type { SimulatedHost } from './host.ts'
import type { Judge } from './judge.ts'
import type { Scheduler } from './scheduler.ts'
import type { Server } from './server.ts'
import { ADMIN, LAST_PERSON, LAST_SPACE, SHARD } from './setting.ts'
import type { Verdict } from './verdict.ts'
import type { Viewer } from './viewer.ts'

/** A lease that a dead keeper left runs out after 6 s, the next round comes within 2 s, a recovery may have to begin once more. */
const LIVES_WITHIN_MS = 20_000
/** INV-6. */
const CONVERGES_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 50
/** A deadline is done within this time: the longest sleep of those who do them, and the difference of two machines' clocks. */
const DUE_WITHIN_MS = 6_000

export interface EndingParts {
  scheduler: Scheduler
  verdict: Verdict
  judge: Judge
  server: Server
  ledger: LedgerInMemory
  viewers: readonly Viewer[]
  hosts: readonly SimulatedHost[]
  pass (until: () => boolean): Promise<void>
  passMs (ms: number): Promise<void>
}

/** What must be so once everything works again: the shard lives, claims are granted and stored, every screen is current, and store and ledger say the same. */
export class Ending {
  readonly #parts: EndingParts

  constructor (parts: EndingParts) {
    this.#parts = parts
  }

  async hold (): Promise<void> {
    const { viewers, verdict, hosts, scheduler } = this.#parts
    await this.#within(LIVES_WITHIN_MS, 'liveness', () => 'no keeper has brought the shard back to life', async () => await this.#lives())
    const lived = scheduler.now
    for (const [i, host] of hosts.entries()) await this.#claimOn(host, i)
    const late = () => viewers.filter(viewer => !viewer.isCurrent()).map(viewer => viewer.describe()).join('; ')
    await this.#within(CONVERGES_WITHIN_MS - (scheduler.now - lived), 'INV-6', () => `screens do not converge: ${late()}`, async () => late() === '')
    await this.#within(CONVERGES_WITHIN_MS, 'liveness', () => 'deadlines are not done', async () => await this.#isPunctual())
    await this.#within(CONVERGES_WITHIN_MS, 'INV-5', () => 'the outbox does not get empty', async () => await this.#isRecorded())
    await this.#within(CONVERGES_WITHIN_MS, 'provisional', () => 'something is called provisional for ever', async () => await this.#isConfirmed())
    if (verdict.broken === null) await compare(this.#parts)
  }

  async #lives (): Promise<boolean> {
    const { server, hosts } = this.#parts
    const { state } = await server.store.state(SHARD)
    return state === 'live' && hosts.some(({ node }) => node?.perch.keeper.held.includes(SHARD) === true && node.perch.keeper.ready)
  }

  async #isRecorded (): Promise<boolean> {
    const { server, ledger } = this.#parts
    const { epoch, stream } = await ledger.cursor(SHARD)
    return epoch === stream && await server.store.outboxLength(SHARD, stream) === 0
  }

  async #isConfirmed (): Promise<boolean> {
    const days = of<DayRecord>(await recordsOf(this.#parts.server), 'day')
    return [...days.values()].every(({ holdings }) => holdings.every(({ provisional }) => !provisional)) && await this.#isRecorded()
  }

  async #isPunctual (): Promise<boolean> {
    const { server, scheduler } = this.#parts
    const spaces = of<SpaceRecord>(await recordsOf(server), 'space')
    return [...spaces.values()].every(({ due }) => due === null || due > scheduler.now - DUE_WITHIN_MS)
  }

  /** Whoever asks gets a claim, and it is stored. */
  async #claimOn ({ node, name }: SimulatedHost, nth: number): Promise<void> {
    const { scheduler, verdict } = this.#parts
    if (node === null || verdict.broken !== null) return verdict.hold(node !== null, 'liveness', () => `${name} does not come back`)
    const from = Math.ceil(scheduler.now / SECOND) * SECOND + (nth + 1) * 3_600 * SECOND
    const request = { id: claimId(Math.floor(scheduler.now), 0xfffff0 + nth), space: LAST_SPACE, person: LAST_PERSON, from: toMoment(from), to: toMoment(from + 60 * SECOND) }
    let answered = ''
    let asking = false
    const ask = async (): Promise<void> => {
      asking = true
      try {
        const { persisted } = await node.perch.commands.claim(ADMIN, request)
        answered = persisted ? 'stored' : 'granted'
      } catch (error) {
        if (!(error instanceof PerchError) || !errors[error.code].retry) throw error
        answered = error.code
      }
      asking = false
    }
    await this.#within(CONVERGES_WITHIN_MS, 'liveness', () => `a claim on ${name} is not stored: ${answered}`, async () => {
      if (!asking && answered !== 'stored') ask().catch((error: unknown) => verdict.fail('liveness', `a claim on ${name}: ${String(error)}`))
      return answered === 'stored'
    })
  }

  async #within (ms: number, invariant: string, what: () => string, is: () => Promise<boolean>): Promise<void> {
    const { scheduler, verdict, passMs } = this.#parts
    const end = scheduler.now + ms
    while (verdict.broken === null && !await is()) {
      if (scheduler.now > end) return verdict.fail(invariant, what())
      await passMs(LOOK_EVERY_MS)
    }
  }
}
