import type { Cleanup } from '../test/harness/cleanup.ts'
import { median } from './rate.ts'
import { booking, openBench, perSecond } from './store-load.ts'

const ROUNDS = 7
const COMMITS = 20_000

/** How many bookings a second does one process commit through the store port on one local Redis, 256 under way? The median of seven rounds of 20,000. */
export async function benchStore (t: Cleanup, roundsRun = ROUNDS): Promise<{ commitsPerSecond: number, serverMicros: number, nodeMicros: number }> {
  const { store, serverMicros, trim } = await openBench(t)
  let next = 0
  const commit = async () => {
    const { state } = await store.commit(booking(next++))
    if (state !== 'ok') throw new Error(`a commit was ${state}`)
  }
  await perSecond(COMMITS, commit)
  const rounds: Array<{ rate: number, server: number, node: number }> = []
  for (let round = 0; round < roundsRun; round++) {
    await trim()
    const [server, node] = [await serverMicros(), process.cpuUsage()]
    const rate = await perSecond(COMMITS, commit)
    const used = process.cpuUsage(node)
    rounds.push({ rate, server: (await serverMicros() - server) / COMMITS, node: (used.user + used.system) / COMMITS })
  }
  return {
    commitsPerSecond: Math.round(median(rounds.map(({ rate }) => rate))),
    serverMicros: median(rounds.map(({ server }) => server)),
    nodeMicros: median(rounds.map(({ node }) => node))
  }
}
