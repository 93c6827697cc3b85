import { createHash, randomBytes } from 'node:crypto'
import { PerchError } from '../domain/errors.ts'
import type { Millis } from '../domain/time.ts'
import type { TicketMetrics } from './metrics.ts'
import type { Clock } from './ports.ts'
import type { Principal } from './principal.ts'
import type { Tickets } from './tickets.ts'

/** A page asks for one and connects at once. */
export const TICKET_MS = 30_000
/** A principal's in that time: a service may ask for the pages of a whole building that come back after a fault, and each note is about 300 bytes. */
export const TICKETS_PER_PRINCIPAL = 300
const BYTES = 32
const FORM = /^[\w-]{43}$/

/** What stands in for credentials where a page cannot show them: in the address of a connection that stays, which proxies and browsers write down. It is worth nothing once it was used. */
export interface Ticketing {
  /** @throws RATE_LIMITED */
  issue (principal: Principal): Promise<{ ticket: string, expiresAt: Millis }>
  /** Whoever asked for it. Works once. @throws UNAUTHENTICATED */
  redeem (ticket: string): Promise<Principal>
}

export interface TicketingParts {
  tickets: Tickets
  clock: Clock
  metrics: TicketMetrics
  /** A keyed hash: names of holders say nothing to whoever reads them. */
  seal (text: string): string
  /** @throws UNAUTHENTICATED when what the principal came with was taken back meanwhile */
  mustWork (principal: Principal): Promise<void>
}

export function ticketing ({ tickets, clock, metrics, seal, mustWork }: TicketingParts): Ticketing {
  async function taken (ticket: string): Promise<Principal> {
    const body = FORM.test(ticket) ? await tickets.take(nameOf(ticket)) : null
    if (body === null) throw new PerchError('UNAUTHENTICATED', { reason: 'the ticket was used, has expired, or never was one' })
    // Written by `issue`, on this node or another: whoever can write there is one.
    const principal = JSON.parse(body) as Principal
    if (principal.expiresAt !== null && principal.expiresAt <= clock.now()) throw new PerchError('UNAUTHENTICATED', { reason: 'the credentials behind the ticket have expired' })
    await mustWork(principal)
    return principal
  }

  return {
    async issue (principal) {
      const ticket = randomBytes(BYTES).toString('base64url')
      const expiresAt = clock.now() + TICKET_MS
      const note = { name: nameOf(ticket), holder: seal(`ticket/${principal.org}/${principal.id}`), body: JSON.stringify(principal) }
      const put = await tickets.put(note, TICKET_MS, TICKETS_PER_PRINCIPAL)
      metrics.ticket(put ? 'made' : 'too-many')
      if (!put) throw new PerchError('RATE_LIMITED', { tickets: TICKETS_PER_PRINCIPAL })
      return { ticket, expiresAt }
    },
    async redeem (ticket) {
      try {
        const principal = await taken(ticket)
        metrics.ticket('used')
        return principal
      } catch (error) {
        metrics.ticket('refused')
        throw error
      }
    }
  }
}

/** Whoever reads what is kept cannot come in with it. */
function nameOf (ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url')
}
