import { createHmac } from 'node:crypto'
import { keyAdmin, type KeyAdmin } from '../application/key-admin.ts'
import type { Credentials } from '../application/credentials.ts'
import type { Notes } from '../application/audit.ts'
import { deviceAdmin } from '../application/device-admin.ts'
import type { Devices } from '../application/devices.ts'
import type { Keys } from '../application/keys.ts'
import { KnownKeys } from '../application/known-keys.ts'
import type { AccessMetrics } from '../application/metrics.ts'
import type { DirectoryNews } from '../application/news.ts'
import { pairing } from '../application/pairing.ts'
import type { Directory } from '../application/directory.ts'
import type { Clock } from '../application/ports.ts'
import type { Authenticator } from '../application/principal.ts'
import type { Sessions } from '../application/sessions.ts'
import { signIn, type SignIn } from '../application/sign-in.ts'
import { ticketing, type Ticketing } from '../application/ticketing.ts'
import type { Tickets } from '../application/tickets.ts'
import type { Config } from '../config.ts'
import type { OrgId } from '../domain/ids.ts'
import type { DeviceDesk } from '../transports/http/devices.ts'
import { openAuthenticator } from './authenticator.ts'

export interface AccessParts {
  config: Config
  clock: Clock
  keys: Keys
  credentials: Credentials
  devices: Devices
  tickets: Tickets
  directory: Pick<Directory, 'site' | 'floors' | 'person' | 'people'>
  metrics: AccessMetrics
  /** Of this node. */
  sessions (): Sessions
  /** From now on the org's news matter here. */
  listen (org: OrgId): void
  tell (org: OrgId, news: DirectoryNews): Promise<void>
  note: Notes
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
  devices: DeviceDesk
  /** News of an org, from this node or another. */
  heard (news: DirectoryNews): void
}

export async function openAccess ({ config, clock, keys, credentials, devices, tickets, directory, metrics, sessions, listen, tell, note, onTrouble }: AccessParts): Promise<Access> {
  const knownKeys = new KnownKeys({
    credentials,
    clock,
    onKnown: listen,
    onGone: ids => metrics.cutOff(sessions().closeWhere(({ key }) => key !== undefined && ids.has(key), 'UNAUTHENTICATED')),
    inUse: () => sessions().keys(),
    onTrouble
  })
  const { authenticator, issuer } = await openAuthenticator(config, clock, knownKeys)
  const seal = (text: string): string => createHmac('sha256', config.secret).update(text).digest('base64url')
  const mustWork: KnownKeys['mustWork'] = async principal => { await knownKeys.mustWork(principal) }
  return {
    authenticator,
    knownKeys,
    signIn: issuer === null ? null : signIn({ org: config.org, directory, token: issuer.token }),
    keys: keyAdmin({ keys, directory, clock, tell }),
    ticketing: ticketing({ tickets, clock, metrics, seal, mustWork }),
    devices: { admin: deviceAdmin({ devices, directory, clock, tell }), pairing: pairing({ tickets, devices, directory, clock, metrics, note, seal, mustWork }), clock },
    heard (news) {
      if (news.what === 'key') knownKeys.revoked([news.id])
      if (news.what === 'device') sessions().closeWhere(({ key }) => key === news.id, 'RELOAD')
    }
  }
}
