import { createHash, timingSafeEqual } from 'node:crypto'
import type { Authenticator } from '../../application/principal.ts'
import { PerchError } from '../../domain/errors.ts'
import type { OrgId } from '../../domain/ids.ts'

/** AUTH=key: who has the one key is an admin of the one org, everybody else is nobody. */
export function keyAuthenticator (org: OrgId, adminKey: string): Authenticator {
  const expected = digest(adminKey)
  return {
    async authenticate (token) {
      // Digests are of one length, so the comparison takes the same time for every guess.
      if (token === null || !timingSafeEqual(digest(token), expected)) throw new PerchError('UNAUTHENTICATED')
      return { org, id: 'key:admin', role: 'admin', person: null, site: null, expiresAt: null }
    }
  }
}

function digest (text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
