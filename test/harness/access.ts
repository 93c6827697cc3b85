import { createHmac } from 'node:crypto'
import { memoryTickets } from '../../src/adapters/memory/tickets.ts'
import { deviceAdmin } from '../../src/application/device-admin.ts'
import { keyAdmin, type KeyAdmin } from '../../src/application/key-admin.ts'
import { pairing } from '../../src/application/pairing.ts'
import type { Directory } from '../../src/application/directory.ts'
import type { Clock } from '../../src/application/ports.ts'
import { ticketing, type Ticketing } from '../../src/application/ticketing.ts'
import type { DeviceDesk } from '../../src/transports/http/devices.ts'
import { DevicesInMemory } from '../stand-ins/devices.ts'
import { KeysInMemory } from '../stand-ins/keys.ts'

export interface Desk {
  keys: KeyAdmin
  ticketing: Ticketing
  devices: DeviceDesk
  kept: KeysInMemory
}

/** Keys, tickets and devices of one node in this process. Nobody is let in by their tokens: that is the authenticator's. */
export function openDesk ({ directory, clock }: { directory: Pick<Directory, 'site' | 'floors'>, clock: Clock }): Desk {
  const [kept, paired] = [new KeysInMemory(), new DevicesInMemory()]
  const seal = (text: string): string => createHmac('sha256', 'test').update(text).digest('hex')
  const tickets = memoryTickets(() => clock.monotonic())
  const tell = async (): Promise<void> => {}
  const mustWork = async (): Promise<void> => {}
  return {
    kept,
    keys: keyAdmin({ keys: kept, directory, clock, tell }),
    ticketing: ticketing({ tickets, clock, metrics: { ticket () {} }, seal, mustWork }),
    devices: {
      admin: deviceAdmin({ devices: paired, directory, clock, tell }),
      pairing: pairing({ tickets, devices: paired, directory, clock, metrics: { pairing () {} }, note: async () => {}, seal, mustWork }),
      clock
    }
  }
}
