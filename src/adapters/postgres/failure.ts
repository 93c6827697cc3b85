import pg from 'pg'
import { PerchError, type ErrorCode } from '../../domain/errors.ts'

/** Constraints of the directory that stand for an answer to the caller. */
const CONSTRAINTS: Readonly<Record<string, ErrorCode>> = {
  sites_org_known: 'ORG_UNKNOWN',
  people_org_known: 'ORG_UNKNOWN',
  groups_org_known: 'ORG_UNKNOWN',
  floors_site_known: 'SITE_UNKNOWN',
  spaces_zone_known: 'PLAN_INVALID',
  badges_one_holder: 'BAD_REQUEST',
  keys_name: 'KEY_EXISTS',
  devices_site_known: 'SITE_UNKNOWN'
}

/**
 * SQLSTATEs (PostgreSQL, appendix A) of a server that cannot serve now, by their beginning: 08 connection, 28 and 3D no way in, 53 disk, memory or connections used up,
 * 57 shut down or statement timeout, 58 its machine fails; read-only (a standby), a lock not had in time, deadlock, serialization.
 */
const UNAVAILABLE = ['08', '28', '3D', '53', '57', '58', '25006', '55P03', '40P01', '40001']

/** Data that the server does not take (22, 54) or that breaks a rule (23): the same again would fail again. */
const REFUSED = ['22', '23', '54']

const starts = (code: string | undefined, list: readonly string[]): boolean => code !== undefined && list.some(start => code.startsWith(start))

/** The server did not take what it was given; nothing else is wrong. */
export function isRefused (error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && starts(error.code, REFUSED)
}

/** Two rows exclude each other: a claim in the way of another (INV-1, INV-2). */
export function isExclusion (error: pg.DatabaseError): boolean {
  return error.code === '23P01'
}

/** Deadlock or serialization failure: the transaction was rolled back, and the same may succeed at once. */
export function isTransient (error: unknown): boolean {
  return error instanceof pg.DatabaseError && starts(error.code, ['40P01', '40001'])
}

/** The server is a standby: another one is the primary, and may be at the same address by now. */
export function isReadOnly (error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '25006'
}

/** Runs calls of the driver, and turns what they throw into Perch's codes. Programming errors pass as they are. */
export async function translated<T> (run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw translation(error)
  }
}

function translation (error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    const known = error.constraint === undefined ? undefined : CONSTRAINTS[error.constraint]
    if (known !== undefined) return new PerchError(known, {}, error)
    if (starts(error.code, UNAVAILABLE)) return new PerchError('LEDGER_BEHIND', {}, error)
    if (starts(error.code, ['22'])) return new PerchError('BAD_REQUEST', {}, error)
    return error
  }
  return isLink(error) ? new PerchError('LEDGER_BEHIND', {}, error) : error
}

/**
 * The connection is to blame. The driver throws plain Errors, most without a code, for every trouble of its
 * connection; what is wrong in the program is a TypeError or the like.
 */
export function isLink (error: unknown): boolean {
  return error instanceof AggregateError || (error instanceof Error && error.constructor === Error)
}
