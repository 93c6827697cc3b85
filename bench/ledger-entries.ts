import { v7 as uuidv7 } from 'uuid'
import { memoryStore } from '../src/adapters/memory/store.ts'
import type { OutboxEntry } from '../src/application/ports.ts'
import { shardOf } from '../src/domain/ids.ts'
import { HOUR, MINUTE } from '../src/domain/time.ts'
import { HandClock } from '../test/stand-ins/clock.ts'
import { ADMIN, openBenchNode, ORG, placeFloors } from './bench-node.ts'
import { personName, SPACES, spaceName } from './claims-workload.ts'

const EPOCH = 1
const SHARD = shardOf(ORG)
const READINGS_AT_ONCE = 100

/**
 * What the outbox of an office holds after so many visits to each of its 1,200 desks, made by the real use cases over the memory store: a visit is a booking, its beginning, a
 * check-in, an occupied and a vacant reading, and a release, every step for all desks before the next, so that nothing of one claim meets in one batch.
 */
export async function officeEntries (visits: number): Promise<OutboxEntry[]> {
  const clock = new HandClock(Date.now())
  const store = memoryStore({ now: () => clock.now(), outboxLimit: 10_000_000, outboxReserve: 0 })
  const frozen = await store.freeze(SHARD, EPOCH, 'bench')
  if (frozen.frozen) await store.thaw(frozen.freeze)
  const { commands, ...node } = openBenchNode({ store, clock })
  await placeFloors({ commands, ...node })
  const desks = Array.from({ length: SPACES }, (_, i) => ({ space: spaceName(i), person: personName(i) }))
  const readings = async (value: 'occupied' | 'vacant') => {
    for (let i = 0; i < SPACES; i += READINGS_AT_ONCE) {
      await commands.read(ADMIN, { readings: desks.slice(i, i + READINGS_AT_ONCE).map(({ space }) => ({ space, value })) })
    }
  }
  for (let visit = 0; visit < visits; visit++) {
    const begins = clock.now() + 10 * MINUTE
    const ids = desks.map(() => uuidv7({ msecs: clock.now() }))
    const each = async (run: (id: string, desk: { space: string, person: string }) => Promise<unknown>) => {
      for (const [i, desk] of desks.entries()) await run(ids[i] ?? '', desk)
    }
    await each(async (id, desk) => await commands.claim(ADMIN, { id, ...desk, from: moment(begins), to: moment(begins + HOUR), await: 'accepted' }))
    clock.pass(11 * MINUTE)
    await each(async id => await commands.checkIn(ADMIN, id, 'accepted'))
    await readings('occupied')
    clock.pass(MINUTE)
    await readings('vacant')
    await each(async id => await commands.release(ADMIN, id, 'accepted'))
    clock.pass(MINUTE)
  }
  return await store.outbox(SHARD, EPOCH, 0, Number.MAX_SAFE_INTEGER)
}

const moment = (at: number): string => new Date(at).toISOString().slice(0, 19) + 'Z'
