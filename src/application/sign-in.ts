import { PerchError } from '../domain/errors.ts'
import type { GroupId, OrgId, PersonId, SiteId } from '../domain/ids.ts'
import type { Role } from '../domain/role.ts'
import type { Millis } from '../domain/time.ts'
import type { Directory, StoredPerson } from './directory.ts'

/** Somebody as whom the demo can be tried. */
export interface DemoSomebody {
  id: PersonId
  name: string
  role: Role
  site: SiteId | null
}

/** Signing in as one of the demo's people, without any proof: for development, on one machine. */
export interface SignIn {
  /** The admin first, then people of the directory by id, at most 200. */
  people (): Promise<DemoSomebody[]>
  /** @throws PERSON_UNKNOWN */
  signIn (person: PersonId): Promise<{ token: string, expiresAt: Millis, person: DemoSomebody }>
}

export interface SignInParts {
  org: OrgId
  directory: Pick<Directory, 'person' | 'people'>
  token (who: { person: PersonId, role: Role, site: SiteId | null }): Promise<{ token: string, expiresAt: Millis }>
}

const MOST = 200
/** There from the first moment, to make the office in which all others are. */
export const DEMO_ADMIN: DemoSomebody = { id: 'admin', name: 'The admin', role: 'admin', site: null }
/** Who looks after a house in the demo office, by the team they are in; everybody else there is a member. */
const MANAGERS: ReadonlyMap<GroupId, SiteId> = new Map([['workplace', 'hq'], ['lx-office', 'lisbon']])

export function signIn ({ org, directory, token }: SignInParts): SignIn {
  async function somebody (id: PersonId): Promise<DemoSomebody> {
    if (id === DEMO_ADMIN.id) return DEMO_ADMIN
    const person = await directory.person(org, id)
    if (person === null) throw new PerchError('PERSON_UNKNOWN', { person: id })
    return asSomebody(person)
  }

  return {
    people: async () => [DEMO_ADMIN, ...(await directory.people(org, { after: null, limit: MOST - 1 })).map(asSomebody)],
    async signIn (id) {
      const person = await somebody(id)
      return { ...await token({ person: person.id, role: person.role, site: person.site }), person }
    }
  }
}

function asSomebody ({ id, name, groups }: StoredPerson): DemoSomebody {
  const team = groups.find(group => MANAGERS.has(group))
  const site = team === undefined ? null : MANAGERS.get(team) ?? null
  return { id, name, role: site === null ? 'member' : 'manager', site }
}
