import type { Authenticator } from '../../application/principal.ts'
import type { OrgId } from '../../domain/ids.ts'

/** AUTH=open: whoever can connect is an admin of the one org. For this machine alone: the configuration refuses to listen elsewhere. */
export function openAuthenticator (org: OrgId): Authenticator {
  return {
    authenticate: async () => ({ org, id: 'key:open', role: 'admin', person: null, site: null, expiresAt: null })
  }
}
