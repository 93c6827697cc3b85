import { errors, type ErrorCode, type ErrorDetail } from './errors.ts'
import type { Policy } from './policy.ts'
import type { Millis, SiteCalendar } from './time.ts'

/** What every decision is made from beside the records. */
export interface Rules {
  /** The shard's clock. */
  now: Millis
  policy: Policy
  calendar: SiteCalendar
  /** Nobody is a no-show before this moment, whatever their deadline says: check-in was impossible for a while (INV-9). */
  noShowsNotBefore: Millis
  /** The ledger is behind: what is granted now may be revoked by a failover. */
  provisional: boolean
}

/** Thrown by a rule that says no. Not an Error: a refusal is an answer and needs no stack. */
export class Refusal {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
  constructor (code: ErrorCode, detail: ErrorDetail = {}) {
    this.code = code
    this.detail = detail
  }

  get message (): string {
    return errors[this.code].message
  }
}

/** The rules that OUTSIDE_POLICY names. */
export type PolicyRule =
  | 'past' | 'horizon' | 'longest-stay' | 'opening-hours' | 'check-in-window' | 'eligible' | 'sensor-only' | 'claims-per-day' | 'days-per-space' | 'site'

export function outsidePolicy (rule: PolicyRule, detail: ErrorDetail = {}): Refusal {
  return new Refusal('OUTSIDE_POLICY', { rule, ...detail })
}
