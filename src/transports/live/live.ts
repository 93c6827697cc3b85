import type { Hub } from '../../application/hub.ts'
import type { Limits } from '../../application/limits.ts'
import type { NewcomerMetrics } from '../../application/metrics.ts'
import type { Authenticator } from '../../application/principal.ts'
import type { Clock } from '../../application/ports.ts'
import type { Sessions } from '../../application/sessions.ts'
import type { StreamLimits } from '../../application/stream-limits.ts'
import type { Ticketing } from '../../application/ticketing.ts'
import type { Http } from '../http/instance.ts'
import { Origins } from '../http/origins.ts'
import { Peers } from '../http/peers.ts'
import { floorEvents } from './events.ts'
import { Newcomers } from './newcomers.ts'
import { socketio, SOCKETIO_PATH } from './socketio.ts'
import { floorState } from './state.ts'
import { routeUpgrades } from './upgrades.ts'
import { plainRequests, websocket } from './websocket.ts'

export interface LiveParts {
  sessions: Sessions
  hub: Hub
  authenticator: Authenticator
  clock: Clock
  limits: StreamLimits
  metrics: NewcomerMetrics
  /** See NewcomersParts. */
  acceptRate: number
  /** See NewcomersParts. */
  mostSessions?: number | undefined
  /** See HttpServerParts. */
  rates?: Limits | undefined
  /** See HttpServerParts. */
  peers?: Peers | undefined
  /** See HttpServerParts. */
  origins?: readonly string[] | undefined
  /** Left out: there are no tickets. */
  ticketing?: Pick<Ticketing, 'redeem'> | undefined
  onError (error: unknown): void
}

/** The four ways to watch: `routes` for those under /v1, `attach` for the server's upgrades, `admit` for who asks for a stream of events. */
export function live ({ sessions, hub, authenticator, clock, limits, metrics, acceptRate, mostSessions, rates, peers = new Peers(), origins: listed = [], ticketing, onError }: LiveParts) {
  const maxPayload = limits.frameLength
  const newcomers = new Newcomers({ sessions, clock, metrics, acceptRate, mostSessions })
  const admit = (): void => newcomers.admit()
  const origins = new Origins(listed)
  const door = { authenticator, ticketing, limits: rates, peers }
  const ofWebSocket = websocket({ ...door, sessions, clock, maxPayload, onError })
  const ofSocketIo = socketio({ ...door, sessions, maxPayload, onError })
  return {
    admit,
    async routes (v1: Http): Promise<void> {
      floorState(v1, hub, clock)
      floorEvents(v1, sessions, limits.retry, peers)
      plainRequests(v1)
    },
    attach (app: Http): void {
      const routed = routeUpgrades(app.server, { '/v1/live': ofWebSocket, [SOCKETIO_PATH]: ofSocketIo }, request => {
        peers.mustBeTaken(request)
        origins.mustBeAllowed(request.headers)
        admit()
      })
      // By now all sessions were told by a drain; whoever is still there gets no more time.
      app.addHook('preClose', async () => {
        sessions.closeWhere(() => true, 'DRAINING')
        routed.close()
      })
    }
  }
}
