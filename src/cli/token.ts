import { createKeys } from '../adapters/postgres/keys.ts'
import { migrate } from '../adapters/postgres/migrate.ts'
import { openPool } from '../adapters/postgres/pool.ts'
import { redisStore } from '../adapters/redis/store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { noteOf } from '../application/audit.ts'
import { newKeyToken } from '../application/key-token.ts'
import type { ApiKey, KeyId, Keys } from '../application/keys.ts'
import { encodeDirectoryNews } from '../application/news.ts'
import { readConfig } from '../config.ts'
import { PerchError } from '../domain/errors.ts'
import { isId, shardOf, type OrgId } from '../domain/ids.ts'
import { ROLES } from '../domain/role.ts'
import { DAY } from '../domain/time.ts'
import { LONGEST_KEY_DAYS } from '../protocol/keys.ts'
import { toMoment } from '../protocol/time.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** As parseArgs gives them. */
export interface TokenOptions {
  org?: string | undefined
  role?: string | undefined
  name?: string | undefined
  site?: string | undefined
  expires?: string | undefined
  list: boolean
  revoke?: string | undefined
}

const STATEMENT_TIMEOUT_MS = 10_000

/** Who stands in the audit for whoever can write to the database, and may be anybody. */
const SELF = { id: 'command-line' }
const PARTS = { clock: systemClock() }

/** Makes, lists and revokes API keys, directly in DATABASE_URL: whoever can write there needs no other rights. A token goes out alone, so that a script can take it. */
export async function token (terminal: Terminal, options: TokenOptions): Promise<void> {
  const config = readConfig(terminal.environment)
  const { databaseUrl, redisUrl } = config
  const org = idOf('--org', options.org ?? config.org)
  const making = options.list || options.revoke !== undefined ? null : newKeyOf(org, options)
  if (databaseUrl === null) throw new UsageError('keys are made in DATABASE_URL; an embedded ledger belongs to its server: ask that one, by POST /v1/keys')
  const pool = openPool({ connection: databaseUrl, max: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS, onError: error => terminal.err(error.message) })
  try {
    // The first key is needed before the first node has run.
    await migrate(pool)
    const keys = createKeys(pool)
    if (making !== null) await make(terminal, keys, making)
    else if (options.revoke !== undefined) await revoke(terminal, keys, redisUrl, org, options.revoke)
    else for (const key of await keys.keys(org, Date.now())) terminal.out(lineOf(key))
  } finally {
    await pool.end()
  }
}

/** @throws UsageError */
function newKeyOf (org: OrgId, { role, name, site, expires }: TokenOptions): { key: ApiKey, token: string } {
  const known = ROLES.find(one => one === role)
  if (known === undefined) throw new UsageError(`--role is needed: one of ${ROLES.join(', ')}`)
  if (known === 'manager' && site === undefined) throw new UsageError('--site is needed: a manager is of one site')
  const days = expires === undefined ? null : Number(expires)
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= LONGEST_KEY_DAYS)) throw new UsageError(`--expires is a number of days from 1 to ${LONGEST_KEY_DAYS}`)
  const { id, hash, token } = newKeyToken()
  const createdAt = Date.now()
  return {
    token,
    key: {
      id, org, name: idOf('--name', name), role: known, site: site === undefined ? null : idOf('--site', site), hash, createdAt, expiresAt: days === null ? null : createdAt + days * DAY, lastUsedAt: null
    }
  }
}

function idOf (option: string, text: string | undefined): string {
  if (text === undefined || !isId(text)) throw new UsageError(`${option} is needed: letters, digits, and . _ - after the first`)
  return text
}

async function make (terminal: Terminal, keys: Keys, { key, token }: { key: ApiKey, token: string }): Promise<void> {
  const { name, role, site } = key
  await keys.addKey(key, noteOf(PARTS, SELF, 'key-made', { what: name, detail: { role, site } })).catch((error: unknown) => { throw explained(error, name) })
  terminal.err(`a key for ${key.org}: ${lineOf(key)}. This is its token; Perch does not keep it:`)
  terminal.out(token)
}

async function revoke (terminal: Terminal, keys: Keys, redisUrl: string | null, org: OrgId, name: string): Promise<void> {
  const id = await keys.revokeKey(org, name, Date.now(), noteOf(PARTS, SELF, 'key-revoked', { what: name }))
  if (id === null) throw new Error(`there is no key ${name} of ${org} that works`)
  const told = redisUrl !== null && await tell(redisUrl, org, id)
  terminal.out(`revoked ${name}; ${told ? 'every node has been told' : 'nodes notice within 5 s'}`)
}

/** False: they were not, and have to notice by themselves. */
async function tell (redisUrl: string, org: OrgId, id: KeyId): Promise<boolean> {
  const store = redisStore({ url: redisUrl })
  try {
    await store.announce(shardOf(org), `org/${org}`, 0, encodeDirectoryNews({ what: 'key', id }))
    return true
  } catch (error) {
    if (error instanceof PerchError) return false
    throw error
  } finally {
    await store.close()
  }
}

function lineOf ({ name, role, site, expiresAt, lastUsedAt }: ApiKey): string {
  return [name, role, site === null ? '' : `at ${site}`, expiresAt === null ? '' : `until ${toMoment(expiresAt)}`, lastUsedAt === null ? 'never used' : `used ${toMoment(lastUsedAt)}`].filter(part => part !== '').join(' ')
}

function explained (error: unknown, name: string): unknown {
  if (!(error instanceof PerchError)) return error
  if (error.code === 'KEY_EXISTS') return new Error(`there is a key ${name} that works: revoke it, or choose another name`)
  if (error.code === 'RATE_LIMITED') return new Error('the org has as many keys as it may have: revoke some')
  return error
}
