import type { OrgId, PersonId, SiteId } from '../domain/ids.ts'
import type { Role } from '../domain/role.ts'
import type { Millis } from '../domain/time.ts'
import type { KeyId } from './keys.ts'

export { ROLES, type Role } from '../domain/role.ts'

/** Who asks. The org comes from the credentials and from nowhere else. */
export interface Principal {
  org: OrgId
  /** Stands in claims as `by`: `person:<id>`, `device:<id>`, `key:<name>`. */
  id: string
  role: Role
  /** The person that a viewer, member, manager or admin is; null for devices and services. */
  person: PersonId | null
  /** The one site that the role is for; null: all of the org. */
  site: SiteId | null
  /** When the credentials end; null: never. */
  expiresAt: Millis | null
  /** The API key that it came with; left out: it came with something that nobody can take back before it expires. */
  key?: KeyId
}

/** Turns what came with a request into a principal. @throws UNAUTHENTICATED */
export interface Authenticator {
  /** `token`: the bearer token of the request, null when there is none. `address`: the peer's IP. */
  authenticate (token: string | null, address: string): Promise<Principal>
}
