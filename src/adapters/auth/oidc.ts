import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../application/ports.ts'
import { type Authenticator, type Principal, type Role } from '../../application/principal.ts'
import { PerchError } from '../../domain/errors.ts'
import { isId, type OrgId } from '../../domain/ids.ts'
import { IssuerKeys } from './issuer-keys.ts'

export interface OidcOptions {
  /** As it stands in `iss`, character by character. */
  issuer: string
  /** What a token must be for (`aud`). */
  audience: string
  /** The org of every token, unless `claims.org` names the claim that has it. */
  org: OrgId
  /** Names of the claims that say who it is. */
  claims: { org: string | null, person: string, role: string, site: string }
  clock: Clock
  /** Whose signatures count. Default: the keys that the issuer publishes. */
  keys?: JWTVerifyGetKey
}

/** Asymmetric alone: with a shared secret, or none, whoever can check a token can make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
/** Clocks of issuer and node may differ by this much. */
const TOLERANCE_S = 30
/** Tokens whose signature was checked are known for this long: a check costs as much as the rest of a request. A key that its issuer takes back counts until then. */
const KNOWN_MS = 60_000
const KNOWN = 10_000

/** Roles of people; whoever has another one is a device or a service. */
const PEOPLE: ReadonlySet<Role> = new Set<Role>(['viewer', 'member', 'manager', 'admin'])
/** Of several roles the one that allows most counts. */
const BY_POWER: readonly Role[] = ['operator', 'admin', 'manager', 'member', 'viewer', 'kiosk', 'sensor', 'display']

/** Access tokens of one OpenID Connect issuer, as JWT (RFC 9068). */
export function oidcAuthenticator ({ issuer, audience, org, claims, clock, keys = new IssuerKeys(issuer, clock).of }: OidcOptions): Authenticator {
  const known = new LRUCache<string, Principal>({ max: KNOWN, ttl: KNOWN_MS, perf: { now: () => clock.monotonic() } })

  async function verified (token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer, audience, algorithms: ALGORITHMS, clockTolerance: TOLERANCE_S, requiredClaims: ['exp', claims.person], currentDate: new Date(clock.now())
      })
      return payload
    } catch (error) {
      if (error instanceof PerchError) throw error
      throw new PerchError('UNAUTHENTICATED', error instanceof errors.JWTExpired ? { reason: 'the token has expired' } : {}, error)
    }
  }

  function principalOf (payload: JWTPayload): Principal {
    const role = roleOf(payload[claims.role])
    const name = idOf(claims.person, payload[claims.person])
    const site = payload[claims.site]
    return {
      org: claims.org === null ? org : idOf(claims.org, payload[claims.org]),
      id: `${PEOPLE.has(role) ? 'person' : 'device'}:${name}`,
      role,
      person: PEOPLE.has(role) ? name : null,
      // A manager of no site is a manager of none, not of all.
      site: site === undefined && role !== 'manager' ? null : idOf(claims.site, site),
      expiresAt: 1_000 * (payload.exp ?? 0)
    }
  }

  return {
    async authenticate (token) {
      if (token === null) throw new PerchError('UNAUTHENTICATED')
      const principal = known.get(token) ?? principalOf(await verified(token))
      if ((principal.expiresAt ?? 0) + 1_000 * TOLERANCE_S <= clock.now()) throw new PerchError('UNAUTHENTICATED', { reason: 'the token has expired' })
      known.set(token, principal, { noUpdateTTL: true })
      return principal
    }
  }
}

/** Whoever has no role that is known here is a member. */
function roleOf (claim: unknown): Role {
  const named = new Set(Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(' ') : [])
  return BY_POWER.find(role => named.has(role)) ?? 'member'
}

/** @throws UNAUTHENTICATED, saying which claim is at fault and not what it says: that may be a name */
function idOf (claim: string, value: unknown): string {
  if (typeof value !== 'string' || !isId(value)) throw new PerchError('UNAUTHENTICATED', { reason: `the token's claim ${claim} is not an id` })
  return value
}
