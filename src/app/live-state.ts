import { memoryGuard } from '../adapters/memory/guard.ts'
import { memoryStore } from '../adapters/memory/store.ts'
import { memoryTickets } from '../adapters/memory/tickets.ts'
import { redisGuard } from '../adapters/redis/guard.ts'
import { redisStore } from '../adapters/redis/store.ts'
import { redisTickets } from '../adapters/redis/tickets.ts'
import type { Log } from '../application/log.ts'
import type { Clock, Guard, Held, Store } from '../application/ports.ts'
import type { Tickets } from '../application/tickets.ts'

export interface LiveStateOptions {
  redisUrl: string | null
  /** 1, 3 or 5 lock nodes; none where the guard is off. */
  lockRedisUrls: readonly string[]
  secret: string
  outboxLimit: number
  clock: Clock
  log: Log
  guarded (state: Held['state']): void
}

/** The part of the outbox that releases and deadlines may still use when new claims are refused. */
const RESERVED = 0.1

/** Stands where GUARD=off names no lock nodes: nobody asks it. */
const ASKED_BY_NOBODY: Guard = { hold: async () => ({ state: 'unguarded' }), close: async () => {} }

/** Store, guard and tickets: Redis where there is an address, this process alone where there is none. */
export function openLiveState (options: LiveStateOptions): { store: Store, guard: Guard, tickets: Tickets } {
  const { redisUrl, lockRedisUrls, secret, outboxLimit, clock, log, guarded } = options
  const outboxReserve = Math.floor(outboxLimit * RESERVED)
  if (redisUrl === null) {
    return { store: memoryStore({ now: () => clock.now(), outboxLimit, outboxReserve }), guard: memoryGuard(() => clock.monotonic()), tickets: memoryTickets(() => clock.monotonic()) }
  }
  return {
    store: redisStore({ url: redisUrl, outboxLimit, outboxReserve, log }),
    tickets: redisTickets({ url: redisUrl, log, now: () => clock.now() }),
    guard: lockRedisUrls.length === 0
      ? ASKED_BY_NOBODY
      : redisGuard({
        urls: lockRedisUrls,
        secret,
        alarm: reason => log.error({ reason }, 'guard: no quorum of lock nodes answered; claims go on, kept apart by the commit alone'),
        answered: guarded
      })
  }
}
