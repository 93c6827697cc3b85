import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import type { Clock } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'

/** An issuer that does not answer in this time is taken for away. */
const TIMEOUT_MS = 3_000
/** Keys are fetched anew after this long, and no sooner than `COOLDOWN_MS` after the last time for a key id that is not known: a forger must not make Perch ask at will. */
const KEYS_LAST_MS = 10 * 60_000
const COOLDOWN_MS = 30_000
/** Between two tries to find an issuer that was away. */
const RETRY_MS = 2_000

/** The keys of an OpenID Connect issuer, found by its discovery document and kept while they are fresh. */
export class IssuerKeys {
  readonly #issuer: string
  readonly #clock: Clock
  #found: Promise<JWTVerifyGetKey> | null = null
  #notBefore = Number.NEGATIVE_INFINITY

  constructor (issuer: string, clock: Clock) {
    this.#issuer = issuer
    this.#clock = clock
  }

  /** The key of a token's header. @throws UNAVAILABLE while the issuer is away; what jose throws for a key that there is not */
  readonly of: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#keys()
    try {
      return await keys(header, token)
    } catch (error) {
      // No key, or several: the token's fault. Anything else: the keys could not be had.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported) throw error
      throw away(error)
    }
  }

  async #keys (): Promise<JWTVerifyGetKey> {
    if (this.#found === null) {
      const now = this.#clock.monotonic()
      if (now < this.#notBefore) throw away(new Error('it was away a moment ago'))
      this.#notBefore = now + RETRY_MS
      this.#found = this.#find()
      this.#found.catch(() => { this.#found = null })
    }
    return await this.#found
  }

  async #find (): Promise<JWTVerifyGetKey> {
    try {
      const response = await fetch(`${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' })
      const { issuer, jwks_uri: address } = await response.json() as { issuer?: unknown, jwks_uri?: unknown }
      // OpenID Connect Discovery 1.0, 4.3: a document of another issuer is no authority on this one's keys.
      if (!response.ok || issuer !== this.#issuer || typeof address !== 'string') throw new Error(`no discovery document of ${this.#issuer} there`)
      return createRemoteJWKSet(new URL(address), { timeoutDuration: TIMEOUT_MS, cooldownDuration: COOLDOWN_MS, cacheMaxAge: KEYS_LAST_MS })
    } catch (error) {
      throw away(error)
    }
  }
}

function away (cause: unknown): PerchError {
  return new PerchError('UNAVAILABLE', { reason: 'the issuer of tokens is out of reach' }, cause)
}
