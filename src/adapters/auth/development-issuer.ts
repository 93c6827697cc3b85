import { generateKeyPair, SignJWT } from 'jose'
import type { Clock } from '../../application/ports.ts'
import type { Authenticator, Role } from '../../application/principal.ts'
import type { OrgId, PersonId, SiteId } from '../../domain/ids.ts'
import type { Millis } from '../../domain/time.ts'
import { oidcAuthenticator } from './oidc.ts'

const ISSUER = 'urn:perch:development'
const AUDIENCE = 'perch'
const CLAIMS = { org: null, person: 'sub', role: 'perch_role', site: 'perch_site' }
const ALGORITHM = 'ES256'
/** A working day: nobody has to sign in twice while they try something. The key is gone with the process. */
const TOKEN_MS = 8 * 3_600_000

/** Tokens as an identity provider gives them, with a key that is made at start and leaves this process never. */
export interface DevelopmentIssuer {
  authenticator: Authenticator
  token (who: { person: PersonId, role: Role, site: SiteId | null }): Promise<{ token: string, expiresAt: Millis }>
}

/** Stands in for an identity provider on the machine of whoever tries Perch: its tokens are checked as every issuer's are. */
export async function developmentIssuer ({ org, clock }: { org: OrgId, clock: Clock }): Promise<DevelopmentIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM)
  return {
    authenticator: oidcAuthenticator({ issuer: ISSUER, audience: AUDIENCE, org, claims: CLAIMS, clock, keys: async () => publicKey }),
    async token ({ person, role, site }) {
      const seconds = Math.floor(clock.now() / 1_000)
      const expires = seconds + TOKEN_MS / 1_000
      const claims = { iss: ISSUER, aud: AUDIENCE, sub: person, iat: seconds, exp: expires, [CLAIMS.role]: role, ...(site !== null && { [CLAIMS.site]: site }) }
      return { token: await new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM }).sign(privateKey), expiresAt: 1_000 * expires }
    }
  }
}
