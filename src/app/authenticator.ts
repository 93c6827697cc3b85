import { either } from '../adapters/auth/either.ts'
import { keyAuthenticator } from '../adapters/auth/key.ts'
import { oidcAuthenticator } from '../adapters/auth/oidc.ts'
import { openAuthenticator } from '../adapters/auth/open.ts'
import type { Clock } from '../application/ports.ts'
import type { Authenticator } from '../application/principal.ts'
import { ConfigError, type Config } from '../config.ts'

/** @throws ConfigError */
export function authenticatorOf ({ auth, adminKey, oidc, org }: Pick<Config, 'auth' | 'adminKey' | 'oidc' | 'org'>, clock: Clock): Authenticator {
  if (auth === 'open') return openAuthenticator(org)
  const byKey = adminKey === null ? null : keyAuthenticator(org, adminKey)
  const byToken = oidc === null ? null : oidcAuthenticator({ ...oidc, org, clock })
  if (byKey !== null && byToken !== null) return either(byKey, byToken)
  const one = byKey ?? byToken
  if (one === null) throw new ConfigError([{ variable: 'ADMIN_KEY', problem: 'is needed with AUTH=key' }])
  return one
}
