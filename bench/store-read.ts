import type { Cleanup } from '../test/harness/cleanup.ts'
import { median } from './rate.ts'
import { booking, openBench, ORG, perSecond } from './store-load.ts'

const ROUNDS = 7
const READS = 20_000
const BOOKED = 10_000

/** How many times a second does one process read what a claim needs (space, day, person, claim and the floor's seq), 256 under way? The median of seven rounds of 20,000. */
export async function benchStoreRead (t: Cleanup, roundsRun = ROUNDS): Promise<{ readsPerSecond: number, serverMicros: number }> {
  const { store, serverMicros } = await openBench(t)
  let next = 0
  await perSecond(BOOKED, async () => { await store.commit(booking(next++)) })
  const read = async () => {
    const { checks, floors } = booking(next++ % BOOKED)
    const { records } = await store.read(ORG, checks.map(({ key }) => key), floors)
    for (const { body } of records.values()) {
      if (body === null) throw new Error('a booking is not there')
    }
  }
  await perSecond(READS, read)
  const rounds: Array<{ rate: number, server: number }> = []
  for (let round = 0; round < roundsRun; round++) {
    const server = await serverMicros()
    const rate = await perSecond(READS, read)
    rounds.push({ rate, server: (await serverMicros() - server) / READS })
  }
  return { readsPerSecond: Math.round(median(rounds.map(({ rate }) => rate))), serverMicros: median(rounds.map(({ server }) => server)) }
}
