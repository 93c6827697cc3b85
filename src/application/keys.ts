import type { OrgId, SiteId } from '../domain/ids.ts'
import type { Role } from '../domain/role.ts'
import type { Millis } from '../domain/time.ts'
import type { AuditNote } from './audit.ts'

/** 16 hex digits in lower case, unique over all orgs and over whatever has a token. */
export type KeyId = string

/** What a service shows to get in. Its secret is with the service alone. */
export interface ApiKey {
  id: KeyId
  org: OrgId
  /** An id within the org; free again once the key was revoked or has expired. */
  name: string
  role: Role
  /** The one site that the role is for; null: all of the org. */
  site: SiteId | null
  /** SHA-256 of the secret, hex. */
  hash: string
  createdAt: Millis
  /** Null: never. */
  expiresAt: Millis | null
  /** Rounded down to the hour; null: never. */
  lastUsedAt: Millis | null
}

/** Keys of one org that work at a time. */
export const KEYS_PER_ORG = 200
/** Of keys that do not work any more so many are kept per org, the newest, for whoever wants to look. */
export const ENDED_KEYS_PER_ORG = 1_000

/**
 * API keys, in Postgres. Reads give what was last written; what changes is written down with `note` in the same transaction. A key works until it was revoked or has expired at `at`. Every
 * call throws LEDGER_BEHIND while Postgres is out of reach.
 */
export interface Keys {
  /** Those of an org that work, by name. */
  keys (org: OrgId, at: Millis): Promise<ApiKey[]>
  /** Adds one that works from `createdAt` on. @throws KEY_EXISTS when one of that name works, RATE_LIMITED beyond KEYS_PER_ORG */
  addKey (key: ApiKey, note: AuditNote): Promise<void>
  /** Its id; null: no key of that name works. */
  revokeKey (org: OrgId, name: string, at: Millis, note: AuditNote): Promise<KeyId | null>
}
