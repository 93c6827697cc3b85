import { developmentIssuer, type DevelopmentIssuer } from '../adapters/auth/development-issuer.ts'
import { oidcAuthenticator } from '../adapters/auth/oidc.ts'
import { isKeyToken } from '../application/key-token.ts'
import type { Clock } from '../application/ports.ts'
import type { Authenticator } from '../application/principal.ts'
import type { Config } from '../config.ts'
import { PerchError } from '../domain/errors.ts'

type AuthConfig = Pick<Config, 'oidc' | 'development' | 'org'>

/** No people come in. */
const NOBODY: Authenticator = { authenticate: async () => { throw new PerchError('UNAUTHENTICATED') } }

/** Services by keys, known by how these begin; people by tokens of the identity provider or, for development, of this process. `issuer` null: it makes none. */
export async function openAuthenticator (config: AuthConfig, clock: Clock, keys: Authenticator): Promise<{ authenticator: Authenticator, issuer: DevelopmentIssuer | null }> {
  const issuer = config.development ? await developmentIssuer({ org: config.org, clock }) : null
  const people = config.oidc === null ? issuer?.authenticator ?? NOBODY : oidcAuthenticator({ ...config.oidc, org: config.org, clock })
  return {
    issuer,
    authenticator: { authenticate: (token, address) => (token !== null && isKeyToken(token) ? keys : people).authenticate(token, address) }
  }
}
