import type { Cleanup } from '../test/harness/cleanup.ts'
import type { Table, Terms } from './report.ts'
import { benchStoreRead } from './store-read.ts'
import { benchStore } from './store.ts'

const ROUNDS = 7

/** How many bookings does one process commit, and read back, through the store port on one local Redis? */
export async function benchStores (t: Cleanup, { quick, progress }: Terms): Promise<Table[]> {
  const rounds = quick ? 3 : ROUNDS
  progress('commits')
  const commits = await benchStore(t, rounds)
  progress('reads')
  const reads = await benchStoreRead(t, rounds)
  return [{
    title: 'The store port on one Redis without persistence, one process, 256 calls under way',
    about: [`Medians of ${rounds} rounds of 20,000 calls; CPU microseconds per call.`],
    rows: [
      { call: 'commit a booking', 'calls/s': commits.commitsPerSecond, 'Redis µs': commits.serverMicros, 'Node µs': commits.nodeMicros },
      { call: 'read what a claim needs', 'calls/s': reads.readsPerSecond, 'Redis µs': reads.serverMicros, 'Node µs': null }
    ]
  }]
}
