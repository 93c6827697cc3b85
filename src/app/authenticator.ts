import { keyAuthenticator } from '../adapters/auth/key.ts'
import { openAuthenticator } from '../adapters/auth/open.ts'
import type { Authenticator } from '../application/principal.ts'
import { ConfigError, type Config } from '../config.ts'

/** @throws ConfigError */
export function authenticatorOf ({ auth, adminKey, org }: Pick<Config, 'auth' | 'adminKey' | 'org'>): Authenticator {
  if (auth === 'open') return openAuthenticator(org)
  if (adminKey === null) throw new ConfigError([{ variable: 'ADMIN_KEY', problem: 'is needed with AUTH=key' }])
  return keyAuthenticator(org, adminKey)
}
