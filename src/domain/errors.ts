/**
 * Every error a client can see. A code is never renamed or reused. PROTOCOL.md lists the same; a test holds them together.
 * `retry`: the same request may succeed later without a change.
 */
export const errors = {
  BAD_REQUEST: { status: 400, retry: false, message: 'the request is not well formed' },
  UNAUTHENTICATED: { status: 401, retry: false, message: 'valid credentials are needed' },
  FORBIDDEN: { status: 403, retry: false, message: 'these credentials do not allow that' },
  NOT_FOUND: { status: 404, retry: false, message: 'there is nothing at that address' },
  ORG_UNKNOWN: { status: 404, retry: false, message: 'no such organisation' },
  SITE_UNKNOWN: { status: 404, retry: false, message: 'no such site' },
  FLOOR_UNKNOWN: { status: 404, retry: false, message: 'no such floor' },
  SPACE_UNKNOWN: { status: 404, retry: false, message: 'no such space' },
  PERSON_UNKNOWN: { status: 404, retry: false, message: 'no such person' },
  CLAIM_UNKNOWN: { status: 404, retry: false, message: 'no such claim' },
  KEY_UNKNOWN: { status: 404, retry: false, message: 'no such key' },
  DEVICE_UNKNOWN: { status: 404, retry: false, message: 'no such device' },
  PAIRING_UNKNOWN: { status: 404, retry: false, message: 'no such pairing, or none any more' },
  SPACE_TAKEN: { status: 409, retry: false, message: 'the space is claimed for part of that time' },
  SPACE_IN_USE: { status: 409, retry: false, message: 'spaces with claims would be removed' },
  PERSON_BUSY: { status: 409, retry: false, message: 'the person already has a claim at that time' },
  SPACE_BLOCKED: { status: 409, retry: false, message: 'the space is out of service at that time' },
  CLAIM_ENDED: { status: 409, retry: false, message: 'the claim has ended' },
  CLAIM_ID_REUSED: { status: 409, retry: false, message: 'the claim id stands for another claim' },
  KEY_EXISTS: { status: 409, retry: false, message: 'a key of that name works already' },
  PLAN_CHANGED: { status: 409, retry: false, message: 'the floor was changed by somebody else meanwhile' },
  TOO_LARGE: { status: 413, retry: false, message: 'the request is larger than allowed' },
  PLAN_INVALID: { status: 422, retry: false, message: 'the plan cannot be used' },
  OUTSIDE_POLICY: { status: 422, retry: false, message: 'a rule of the site does not allow that' },
  RATE_LIMITED: { status: 429, retry: true, message: 'too many requests' },
  INTERNAL: { status: 500, retry: true, message: 'something went wrong here' },
  BUSY: { status: 503, retry: true, message: 'the space is being claimed right now' },
  RECOVERING: { status: 503, retry: true, message: 'live state is being recovered' },
  UNAVAILABLE: { status: 503, retry: true, message: 'this server cannot take that right now' },
  LEDGER_BEHIND: { status: 503, retry: true, message: 'too much waits to be stored' },
  OUTDATED: { status: 503, retry: true, message: 'this server is older than what it would have to read: another one may answer' },
  OUTCOME_UNKNOWN: { status: 503, retry: true, message: 'the outcome is not known: ask again with the same id' }
} as const

export type ErrorCode = keyof typeof errors

/** What a refusal tells beside its code: small, plain JSON, part of the reply. */
export type ErrorDetail = Readonly<Record<string, unknown>>

/** Thrown by use cases and adapters; a transport turns it into its reply. `cause` is for the log, never for the client. */
export class PerchError extends Error {
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor (code: ErrorCode, detail: ErrorDetail = {}, cause?: unknown) {
    super(errors[code].message, cause === undefined ? undefined : { cause })
    this.name = 'PerchError'
    this.code = code
    this.detail = detail
  }
}
