import type { ClaimAnswer } from '../../src/application/commands.ts'
import type { Ledger } from '../../src/application/ports.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { errors, type ErrorCode } from '../../src/domain/errors.ts'
import type { Judge } from './judge.ts'
import { ORG } from './setting.ts'
import type { Verdict } from './verdict.ts'

/** What was answered about one claim, the latest of it. */
interface Known {
  claim: Claim
  persisted: boolean
  /** What it was asked for with; null: not known, only that something was done to it. */
  content: string | null
}

/** Holds every answer against those before it and against the ledger: one outcome per id, and `persisted: true` is in the ledger at that moment and for ever. */
export class Answers {
  readonly #verdict: Verdict
  readonly #judge: Judge
  readonly #ledger: Ledger
  readonly #known = new Map<string, Known>()
  granted = 0
  persisted = 0
  refused = 0
  unknown = 0

  constructor (verdict: Verdict, judge: Judge, ledger: Ledger) {
    this.#verdict = verdict
    this.#judge = judge
    this.#ledger = ledger
  }

  /** Some answer told of it. */
  knows (id: string): boolean {
    return this.#known.has(id)
  }

  /** Answered as persisted by now. */
  isPersisted (id: string): boolean {
    return this.#known.get(id)?.persisted === true
  }

  /** `promised`: it had been answered as persisted before the question was asked. `content`: what was asked for; null: something was to be done to it. */
  async done ({ claim, persisted, repeated }: ClaimAnswer, promised: boolean, content: string | null): Promise<void> {
    this.granted++
    const before = this.#known.get(claim.id)
    if (promised && before !== undefined) {
      const same = before.claim.createdAt === claim.createdAt && before.claim.person === claim.person && before.claim.by === claim.by
      this.#verdict.hold(same, 'INV-4', () => `${claim.id} was answered as ${JSON.stringify(before.claim)}, and then as ${JSON.stringify(claim)}`)
    }
    if (persisted) {
      this.persisted++
      await this.#isInLedger(claim, repeated)
    }
    this.#known.set(claim.id, {
      claim: promised && before !== undefined ? before.claim : claim, persisted: persisted || before?.persisted === true, content: content ?? before?.content ?? null
    })
  }

  no (code: ErrorCode, id: string, promised: boolean, content: string | null): void {
    if (code === 'OUTCOME_UNKNOWN') this.unknown++
    else this.refused++
    if (!promised) return
    this.#verdict.hold(code !== 'CLAIM_UNKNOWN', 'INV-5', () => `${id} was answered as persisted, and is not known any more`)
    const again = content !== null && this.#known.get(id)?.content === content
    this.#verdict.hold(!again || errors[code].retry, 'INV-4', () => `${id} was answered as persisted, and the same again is refused with ${code}`)
  }

  async #isInLedger (claim: Claim, repeated: boolean): Promise<void> {
    const known = (await this.#ledger.claim(ORG, claim.id))?.claim
    this.#verdict.hold(known !== undefined && (repeated || this.#judge.isHistory(claim)), 'INV-5',
      () => `${JSON.stringify(claim)} is answered as persisted; the ledger has ${JSON.stringify(known)}`)
  }
}
