import type { NewcomerMetrics } from '../../application/metrics.ts'
import type { Clock } from '../../application/ports.ts'
import type { Sessions } from '../../application/sessions.ts'
import { PerchError } from '../../domain/errors.ts'
import { TokenBucket } from './token-bucket.ts'

export interface NewcomersParts {
  sessions: Pick<Sessions, 'draining' | 'size'>
  clock: Clock
  metrics: NewcomerMetrics
  /** New connections per second, and at once; 0: as many as come. */
  acceptRate: number
  /** Connections of the live stream at a time. Default: as many as come. */
  mostSessions?: number | undefined
}

/** Made once: an error looks at the stack, and in a storm this is said thousands of times a second. */
const TURNED_AWAY = new PerchError('UNAVAILABLE')

/**
 * Whether this node takes one more connection that stays. Asked before the handshake and before anybody looks at credentials, on every transport: who is sent away then costs
 * a parsed head and one write, and those who are connected already do not wait for the crowd at the door.
 */
export class Newcomers {
  readonly #sessions: Pick<Sessions, 'draining' | 'size'>
  readonly #metrics: NewcomerMetrics
  readonly #bucket: TokenBucket | null
  readonly #mostSessions: number

  constructor ({ sessions, clock, metrics, acceptRate, mostSessions = Infinity }: NewcomersParts) {
    this.#mostSessions = mostSessions
    this.#sessions = sessions
    this.#metrics = metrics
    this.#bucket = acceptRate === 0 ? null : new TokenBucket(clock, acceptRate)
  }

  /** @throws UNAVAILABLE, which has a Retry-After of its own for each */
  admit (): void {
    if (this.#sessions.draining) this.#turnAway('draining')
    if (this.#sessions.size >= this.#mostSessions) this.#turnAway('full')
    if (this.#bucket?.take() === false) this.#turnAway('rate')
  }

  #turnAway (why: 'draining' | 'full' | 'rate'): never {
    this.#metrics.turnedAway(why)
    throw TURNED_AWAY
  }
}
