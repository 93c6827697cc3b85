import { createHmac } from 'node:crypto'
import { keyAdmin, type KeyAdmin } from '../application/key-admin.ts'
import type { Credentials } from '../application/credentials.ts'
import type { Keys } from '../application/keys.ts'
import { KnownKeys } from '../application/known-keys.ts'
import type { AccessMetrics } from '../application/metrics.ts'
import type { DirectoryNews } from '../application/news.ts'
import type { Clock, Directory } from '../application/ports.ts'
import type { Authenticator } from '../application/principal.ts'
import type { Sessions } from '../application/sessions.ts'
import { signIn, type SignIn } from '../application/sign-in.ts'
import { ticketing, type Ticketing } from '../application/ticketing.ts'
import type { Tickets } from '../application/tickets.ts'
import type { Config } from '../config.ts'
import type { OrgId } from '../domain/ids.ts'
import { openAuthenticator } from './authenticator.ts'

export interface AccessParts {
  config: Config
  clock: Clock
  keys: Keys
  credentials: Credentials
  tickets: Tickets
  directory: Pick<Directory, 'site' | 'person' | 'people'>
  metrics: AccessMetrics
  /** Of this node. */
  sessions (): Sessions
  /** From now on the org's news matter here. */
  listen (org: OrgId): void
  tell (org: OrgId, news: DirectoryNews): Promise<void>
  onTrouble (error: unknown): void
}

/** Who is let in. */
export interface Access {
  authenticator: Authenticator
  knownKeys: KnownKeys
  /** Null: nobody signs in here. */
  signIn: SignIn | null
  keys: KeyAdmin
  ticketing: Ticketing
  /** News of an org, from this node or another. */
  heard (news: DirectoryNews): void
}

export async function openAccess ({ config, clock, keys, credentials, tickets, directory, metrics, sessions, listen, tell, onTrouble }: AccessParts): Promise<Access> {
  const knownKeys = new KnownKeys({
    credentials,
    clock,
    onKnown: listen,
    onGone: ids => metrics.cutOff(sessions().closeWhere(({ key }) => key !== undefined && ids.has(key), 'UNAUTHENTICATED')),
    inUse: () => sessions().keys(),
    onTrouble
  })
  const { authenticator, issuer } = await openAuthenticator(config, clock, knownKeys)
  return {
    authenticator,
    knownKeys,
    signIn: issuer === null ? null : signIn({ org: config.org, directory, token: issuer.token }),
    keys: keyAdmin({ keys, directory, clock, tell }),
    ticketing: ticketing({
      tickets,
      clock,
      metrics,
      seal: text => createHmac('sha256', config.secret).update(text).digest('base64url'),
      mustWork: async principal => await knownKeys.mustWork(principal)
    }),
    heard (news) {
      if (news.what === 'key') knownKeys.revoked([news.id])
    }
  }
}
