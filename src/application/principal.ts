import type { OrgId, PersonId, SiteId } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'

export const ROLES = ['viewer', 'member', 'kiosk', 'display', 'sensor', 'manager', 'admin', 'operator'] as const
/**
 * What a principal may do: viewer and member are people, the second may claim; kiosk, display and sensor are devices; a manager runs one site, an admin an org,
 * an operator the installation without seeing people.
 */
export type Role = typeof ROLES[number]

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
}

/** Turns what came with a request into a principal. @throws UNAUTHENTICATED */
export interface Authenticator {
  /** `token`: the bearer token of the request, null when there is none. `address`: the peer's IP. */
  authenticate (token: string | null, address: string): Promise<Principal>
}
