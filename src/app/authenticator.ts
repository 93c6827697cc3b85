import { either } from '../adapters/auth/either.ts'
import { keyAuthenticator } from '../adapters/auth/key.ts'
import { oidcAuthenticator } from '../adapters/auth/oidc.ts'
import { openAuthenticator } from '../adapters/auth/open.ts'
import { isKeyToken } from '../application/key-token.ts'
import type { Clock } from '../application/ports.ts'
import type { Authenticator } from '../application/principal.ts'
import { ConfigError, type Config } from '../config.ts'

type AuthConfig = Pick<Config, 'auth' | 'adminKey' | 'oidc' | 'org'>

/** Keys by what they begin with, whatever else is asked for; all others as AUTH says. @throws ConfigError */
export function authenticatorOf (config: AuthConfig, clock: Clock, keys: Authenticator): Authenticator {
  const others = othersOf(config, clock)
  return { authenticate: (token, address) => (token !== null && isKeyToken(token) ? keys : others).authenticate(token, address) }
}

function othersOf ({ auth, adminKey, oidc, org }: AuthConfig, clock: Clock): Authenticator {
  if (auth === 'open') return openAuthenticator(org)
  const byKey = adminKey === null ? null : keyAuthenticator(org, adminKey)
  const byToken = oidc === null ? null : oidcAuthenticator({ ...oidc, org, clock })
  if (byKey !== null && byToken !== null) return either(byKey, byToken)
  const one = byKey ?? byToken
  if (one === null) throw new ConfigError([{ variable: 'ADMIN_KEY', problem: 'is needed with AUTH=key' }])
  return one
}
