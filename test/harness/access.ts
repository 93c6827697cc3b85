import { createHmac } from 'node:crypto'
import { memoryTickets } from '../../src/adapters/memory/tickets.ts'
import { keyAdmin, type KeyAdmin } from '../../src/application/key-admin.ts'
import type { Clock, Directory } from '../../src/application/ports.ts'
import { ticketing, type Ticketing } from '../../src/application/ticketing.ts'
import { KeysInMemory } from '../stand-ins/keys.ts'

/** Keys and tickets of one node in this process. Nobody is let in by these keys: that is the authenticator's. */
export function openDesk ({ directory, clock }: { directory: Pick<Directory, 'site'>, clock: Clock }): { keys: KeyAdmin, ticketing: Ticketing, kept: KeysInMemory } {
  const kept = new KeysInMemory()
  return {
    kept,
    keys: keyAdmin({ keys: kept, directory, clock, tell: async () => {} }),
    ticketing: ticketing({
      tickets: memoryTickets(() => clock.monotonic()),
      clock,
      metrics: { ticket () {} },
      seal: text => createHmac('sha256', 'test').update(text).digest('hex'),
      mustWork: async () => {}
    })
  }
}
