import type { OrgId, SiteId } from '../domain/ids.ts'
import type { Role } from '../domain/role.ts'
import type { Millis } from '../domain/time.ts'
import type { KeyId } from './keys.ts'

/** What a token stands for, whatever was given it. Its secret is with whoever shows it. */
export interface Credential {
  id: KeyId
  org: OrgId
  /** Of the principal that comes with it: `key:<name>`, `device:<id>`. */
  principal: string
  role: Role
  /** The one site that the role is for; null: all of the org. */
  site: SiteId | null
  /** SHA-256 of the secret, hex. */
  hash: string
  /** Null: never. */
  expiresAt: Millis | null
  /** Rounded down to a multiple of `usedGrainMs`; null: never. */
  lastUsedAt: Millis | null
  /** How finely it is kept when it was used. */
  usedGrainMs: number
}

/** Ids in one `gone` or `used`. */
export const IDS_PER_QUESTION = 20_000

/** All that lets somebody in by a token, of all orgs, in Postgres. Reads give what was last written. It works until it was revoked or has expired at `at`. Every call throws LEDGER_BEHIND while Postgres is out of reach. */
export interface Credentials {
  /** Null: there is no such one, or it does not work. */
  credential (id: KeyId, at: Millis): Promise<Credential | null>
  /** Which of these do not work, at most IDS_PER_QUESTION. */
  gone (ids: readonly KeyId[], at: Millis): Promise<KeyId[]>
  /** They were used; at most IDS_PER_QUESTION. A later time stays. */
  used (ids: readonly KeyId[], at: Millis): Promise<void>
}
