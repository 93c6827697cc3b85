import { PerchError } from '../domain/errors.ts'
import { DAY } from '../domain/time.ts'
import type { KeyBody } from '../protocol/keys.ts'
import { noteOf } from './audit.ts'
import { newKeyToken } from './key-token.ts'
import type { ApiKey, Keys } from './keys.ts'
import type { DirectoryNews } from './news.ts'
import type { Directory } from './directory.ts'
import type { Clock } from './ports.ts'
import type { Principal } from './principal.ts'
import { mustBeAbleToGive, mustBeAllowed } from './rights.ts'

/** The use cases around API keys: for who runs an org. */
export interface KeyAdmin {
  /** Those that work, by name. */
  keys (principal: Principal): Promise<ApiKey[]>
  /** `token` is told this once. @throws FORBIDDEN for a key that may do more than its maker, KEY_EXISTS, SITE_UNKNOWN, RATE_LIMITED */
  makeKey (principal: Principal, body: KeyBody): Promise<{ key: ApiKey, token: string }>
  /** When it returns nobody gets in with it on this node, and whoever did is gone; on the others soon. @throws KEY_UNKNOWN */
  revokeKey (principal: Principal, name: string): Promise<void>
}

export interface KeyAdminParts {
  keys: Keys
  directory: Pick<Directory, 'site'>
  clock: Clock
  /** This node has heard when it returns, the others soon. */
  tell (org: string, news: DirectoryNews): Promise<void>
}

export function keyAdmin ({ keys, directory, clock, tell }: KeyAdminParts): KeyAdmin {
  return {
    async keys (principal) {
      mustBeAllowed(principal, 'read-keys')
      return (await keys.keys(principal.org, clock.now())).filter(({ site }) => principal.site === null || site === principal.site)
    },
    async makeKey (principal, { name, role, site = null, expiresInDays }) {
      const { org } = principal
      mustBeAllowed(principal, 'write-keys')
      mustBeAbleToGive(principal, role, site)
      if (role === 'manager' && site === null) throw new PerchError('BAD_REQUEST', { field: 'site', reason: 'a manager is of one `site`' })
      if (site !== null && await directory.site(org, site) === null) throw new PerchError('SITE_UNKNOWN', { site })
      const { token, id, hash } = newKeyToken()
      const createdAt = clock.now()
      const key: ApiKey = { id, org, name, role, site, hash, createdAt, expiresAt: expiresInDays === undefined ? null : createdAt + expiresInDays * DAY, lastUsedAt: null }
      await keys.addKey(key, noteOf({ clock }, principal, 'key-made', { what: name, detail: { role, site } }))
      return { key, token }
    },
    async revokeKey (principal, name) {
      const { org } = principal
      mustBeAllowed(principal, 'write-keys')
      const known = principal.site === null || (await keys.keys(org, clock.now())).some(key => key.name === name && key.site === principal.site)
      const id = known ? await keys.revokeKey(org, name, clock.now(), noteOf({ clock }, principal, 'key-revoked', { what: name })) : null
      if (id === null) throw new PerchError('KEY_UNKNOWN', { key: name })
      await tell(org, { what: 'key', id })
    }
  }
}
