import type { Commands } from '../application/commands.ts'
import { Hub } from '../application/hub.ts'
import type { Limits } from '../application/limits.ts'
import type { Log } from '../application/log.ts'
import type { Losses } from '../application/losses.ts'
import type { NewcomerMetrics } from '../application/metrics.ts'
import { Mine } from '../application/mine.ts'
import type { Clock, Store } from '../application/ports.ts'
import type { Authenticator } from '../application/principal.ts'
import { Sessions } from '../application/sessions.ts'
import { STREAM_LIMITS } from '../application/stream-limits.ts'
import type { StreamMetrics } from '../application/stream-metrics.ts'
import type { Ticketing } from '../application/ticketing.ts'
import type { Peers } from '../transports/http/peers.ts'
import { live } from '../transports/live/live.ts'

export interface LiveStreamParts {
  store: Store
  clock: Clock
  metrics: StreamMetrics & NewcomerMetrics
  log: Log
  version: string
  commands: Commands
  authenticator: Authenticator
  losses: Losses
  /** See NewcomersParts. */
  acceptRate: number
  mostSessions: number | undefined
  /** Frames of one connection; undefined: as in STREAM_LIMITS. */
  frameRate: number | undefined
  rates: Limits | undefined
  peers: Peers
  origins: readonly string[]
  ticketing: Ticketing
}

/** The hub, its sessions and the transports that carry them. */
export function liveStream (options: LiveStreamParts) {
  const limits = options.frameRate === undefined ? STREAM_LIMITS : { ...STREAM_LIMITS, framesPerSecond: options.frameRate }
  const parts = { ...options, limits, random: Math.random }
  const hub = new Hub({ ...parts, soon: setImmediate })
  const mine = new Mine({ ...parts, untold: (org, person) => parts.losses.take(org, person) })
  parts.losses.toldBy(({ org, person, claim }) => mine.lost(org, person, [claim]))
  const sessions = new Sessions({ ...parts, hub, mine })
  const transports = live({ ...parts, sessions, hub, onError: error => parts.log.error({ err: error }, 'stream: a connection could not be looked after') })
  return {
    ...transports,
    sessions,
    close () {
      hub.close()
      mine.close()
    }
  }
}
