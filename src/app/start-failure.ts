import { FolderInUse } from '../adapters/pglite/lock.ts'
import { ConfigError, type Config } from '../config.ts'
import { PerchError } from '../domain/errors.ts'
import type { Variable } from '../environment.ts'

/** What the file system says of a folder that cannot be used. */
const OF_FOLDERS = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST']

/** What keeps the database from opening, as a line about the variable where it can be mended; what nobody foresaw as it is. */
export function ofDatabase (error: unknown, { databaseUrl }: Pick<Config, 'databaseUrl'>): unknown {
  if (error instanceof FolderInUse) return wrong('DATA_DIR', error.message)
  if (databaseUrl === null) return OF_FOLDERS.includes(codeOf(error)) ? wrong('DATA_DIR', `cannot be used: ${messageOf(error)}`) : error
  if (!(error instanceof PerchError) || error.code !== 'LEDGER_BEHIND') return error
  return wrong('DATABASE_URL', `cannot be used: ${messageOf(error.cause)}`)
}

/** The same for the port. */
export function ofListening (error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE': return wrong('PORT', `${port} is taken by another process: stop that one, or choose another port`)
    case 'EACCES': return wrong('PORT', `${port} is not for this user: choose one above 1023`)
    case 'EADDRNOTAVAIL': return wrong('HOST', `${host} is no address of this machine`)
    case 'ENOTFOUND': return wrong('HOST', `${host} is not known by that name`)
    default: return error
  }
}

function wrong (variable: Variable, problem: string): ConfigError {
  return new ConfigError([{ variable, problem }])
}

function codeOf (error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** A name with several addresses fails once for each; the first tells enough. */
function messageOf (error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
