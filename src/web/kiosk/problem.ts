import { PerchError, type PerchErrorCode } from '../../client/index.ts'

/** What did not work, told in words by `problemText`: a code of the protocol, or one that the kiosk makes of where it came up. */
export interface Problem {
  code: PerchErrorCode | 'BADGE_UNKNOWN' | 'PIN_WRONG' | 'PIN_LOCKED' | 'NEEDS_CONNECTION' | 'NOTHING_TO_RELEASE' | 'NO_DESK'
  /** Of OUTSIDE_POLICY. */
  rule?: string | undefined
  /** When it may be tried, as the wire has it. */
  opensAt?: string | undefined
  /** The space that it was about, by its label. */
  label?: string | undefined
}

/** Of a refusal; whatever else went wrong (a full disk, say) is nobody's fault who stands here. */
export function problemOf (error: unknown, label?: string): Problem {
  if (!(error instanceof PerchError)) return { code: 'INTERNAL' }
  const { rule, opensAt } = error.details
  return {
    code: error.code,
    ...typeof rule === 'string' && { rule },
    ...typeof opensAt === 'string' && { opensAt },
    ...label !== undefined && { label }
  }
}

/** There was no answer, or none that says anything about what was asked: it will be another one once the server is itself again. */
export function isAway (error: unknown): boolean {
  return error instanceof PerchError && error.retry && error.code !== 'RATE_LIMITED'
}
