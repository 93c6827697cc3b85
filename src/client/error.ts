import type { ErrorCode } from '../domain/errors.ts'

/** Why a command came to nothing without a word of the server's, or why the connection is closed; all others are the server's, as PROTOCOL.md lists them. */
const own = {
  NOT_CONNECTED: { retry: true, message: 'there was no connection in time: nothing was asked for' },
  OUTCOME_UNKNOWN: { retry: true, message: 'no answer came in time: ask again with the same id' },
  CLOSED: { retry: false, message: 'this client was closed' },
  TOO_MANY: { retry: true, message: 'too many commands wait for an answer' },
  QUEUE_FULL: { retry: true, message: 'too many commands wait for a connection' },
  TOO_OLD: { retry: false, message: 'the command waited too long for a connection' },
  UNAUTHENTICATED: { retry: false, message: 'valid credentials are needed' },
  FORBIDDEN: { retry: false, message: 'these credentials do not allow that' },
  REFUSED: { retry: false, message: 'the server closed the connection, and coming back the same way would end the same way' }
} as const

export type OwnCode = keyof typeof own
export type PerchErrorCode = ErrorCode | OwnCode

/** As a reply has it. */
interface Told {
  code: PerchErrorCode
  message: string
  retry: boolean
  [detail: string]: unknown
}

/** What a command is rejected with, and what ends a watch or the connection. */
export class PerchError extends Error {
  readonly code: PerchErrorCode
  /** The same may succeed later, without a change and with the same claim id. */
  readonly retry: boolean
  /** What the server told beside the code: the `alternatives` of SPACE_TAKEN, the `rule` of OUTSIDE_POLICY, `lost` of CLAIM_UNKNOWN … */
  readonly details: Readonly<Record<string, unknown>>

  constructor ({ code, message, retry, ...details }: Told) {
    super(message)
    this.name = 'PerchError'
    this.code = code
    this.retry = retry
    this.details = details
  }
}

export function ownError (code: OwnCode, details: Record<string, unknown> = {}): PerchError {
  return new PerchError({ ...details, code, ...own[code] })
}
