import type { Tickets } from '../../application/tickets.ts'
import { connect } from './connection.ts'
import type { Log } from './connection.ts'
import { Door } from './door.ts'
import { parseRedisUrl } from './url.ts'

export interface RedisTicketsOptions {
  /** See parseRedisUrl. */
  url: string
  /** After that a call is given up. Default 2,000. */
  commandTimeoutMs?: number
  log?: Log
  /** Unix milliseconds, for the count alone. */
  now? (): number
}

/** Of no shard: a ticket says nothing of whose it is, and a key of its own finds its slot by itself on Cluster. */
export const TICKET_KEYS = 'perch:ticket:'

const silent: Log = { info () {}, warn () {} }

/** Tickets on one Redis server, Sentinel or Cluster, 7.0 or newer; over a connection of their own. */
export function redisTickets ({ url, commandTimeoutMs = 2_000, log = silent, now = Date.now }: RedisTicketsOptions): Tickets {
  const door = new Door(connect(parseRedisUrl(url), commandTimeoutMs, log), commandTimeoutMs, undefined)

  /** A key for each stretch of time. It lasts longer than it is counted in, so it cannot end between the two steps and be made anew without an end. */
  async function counted (holder: string, ttlMs: number, by: 'incr' | 'decr'): Promise<number> {
    const count = `${TICKET_KEYS}count:${holder}:${Math.floor(now() / ttlMs)}`
    await door.ask('ticket-count', client => client.set(count, 0, 'PX', 2 * ttlMs, 'NX'))
    return await door.ask('ticket-count', client => client[by](count))
  }

  return {
    async put ({ name, holder, body }, ttlMs, most) {
      if (await counted(holder, ttlMs, 'incr') > most) return false
      await door.ask('ticket-put', client => client.set(TICKET_KEYS + name, body, 'PX', ttlMs))
      return true
    },
    take: async name => await door.ask('ticket-take', client => client.getdel(TICKET_KEYS + name)),
    look: async name => await door.ask('ticket-look', client => client.get(TICKET_KEYS + name)),
    async spend (holder, ttlMs, most) {
      if (await counted(holder, ttlMs, 'incr') <= most) return true
      await counted(holder, ttlMs, 'decr')
      return false
    },
    async refund (holder, ttlMs) {
      await counted(holder, ttlMs, 'decr')
    },
    async close () {
      // Lets replies that are under way arrive; a server that is gone has none.
      await door.client.quit().catch(() => {})
      door.client.disconnect()
    }
  }
}
