import type { Authenticator } from '../../application/principal.ts'
import { PerchError } from '../../domain/errors.ts'

/** Whoever the first does not know is asked for by the second. */
export function either (first: Authenticator, second: Authenticator): Authenticator {
  return {
    async authenticate (token, address) {
      try {
        return await first.authenticate(token, address)
      } catch (error) {
        if (!(error instanceof PerchError) || error.code !== 'UNAUTHENTICATED') throw error
        return await second.authenticate(token, address)
      }
    }
  }
}
