import { STREAM_LIMITS } from '../../src/application/stream-limits.ts'
import { callApi } from '../../src/cli/seed/api.ts'
import type { View } from '../../src/protocol/view.ts'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import { ADMIN_KEY } from '../../test/harness/admin-key.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import { startLoad, type LoadProcess } from './load.ts'
import type { StallDone } from './load-calls.ts'
import { nodeMetrics } from './node-metrics.ts'
import { benchFloor, perchNode, putFloor, type PerchContender } from './perch-node.ts'
import { pinning } from './pin.ts'
import { PeakMemory } from './peak-memory.ts'

const OTHERS = 4_500
const SLOW = 500
const SPACES = 50
const STALL_MS = 30_000
const STALL_MS_QUICK = 20_000
const PAIRS = 5
const PER_SECOND = 10
/** The floor of those who stop reading: it is renamed again and again, and each time all of it is sent anew. So much is owed soon, which is more than the kernel's 4 MB of a socket. */
const HEAVY_SPACES = 500
const HEAVY_PER_SECOND = 10

const AIM_RATIO = 1.2
/** With less the kernel takes it all, and nobody is slow. */
const AIM_OWED_MB = 8

interface Run {
  p99Ms: number
  heavy: StallDone
  /** Most resident memory of the node meanwhile, less that before. */
  grownMb: number
  passedBy: number
  closedSlow: number
}

interface Setting {
  perch: PerchContender
  others: LoadProcess
  slow: LoadProcess
  heavy: string
  ms: number
}

/** What do the others notice when a tenth of all sockets stops reading? */
export async function benchSlow (t: Cleanup, { quick, turns: asked, progress }: Terms): Promise<Table[]> {
  const pairs = asked ?? (quick ? 1 : PAIRS)
  const ms = quick ? STALL_MS_QUICK : STALL_MS
  progress('starts the servers')
  const perch = await perchNode(t, { floors: 1, spaces: SPACES })
  const heavy = benchFloor('hq-heavy', HEAVY_SPACES)
  await putFloor(perch.url, heavy)
  const setting = { perch, others: await startLoad(t), slow: await startLoad(t), heavy: heavy.id, ms }
  await setting.others.ask('open', { target: perch.target, source: perch.source, clients: OTHERS })
  await setting.slow.ask('open', { target: { ...perch.target, floors: [heavy.id] }, source: { ...perch.source, floors: [heavy] }, clients: SLOW })
  const done: Array<{ calm: Run, stalled: Run }> = []
  for (let pair = 0; pair < pairs; pair++) {
    const calm = await run(setting, false, pair)
    const stalled = await run(setting, true, pair)
    done.push({ calm, stalled })
    progress(`pair ${pair + 1} of ${pairs}: p99 ${calm.p99Ms.toFixed(1)} ms undisturbed, ${stalled.p99Ms.toFixed(1)} ms beside those who do not read; ${stalled.closedSlow} closed`)
  }
  return [tableOf(done, ms)]
}

async function run ({ perch, others, slow, heavy, ms }: Setting, stalling: boolean, seed: number): Promise<Run> {
  await others.ask('rounds', { rounds: 10, changes: 1, together: false, seed })
  const [before, memory] = [await nodeMetrics(perch.url), new PeakMemory(perch.pid)]
  const [{ p99Ms }, stalled] = await Promise.all([
    others.ask('arrivals', { perSecond: PER_SECOND, ms, seed }),
    slow.ask('stall', { stalling, perSecond: HEAVY_PER_SECOND, ms, window: STREAM_LIMITS.retry, seed })
  ])
  const grown = memory.end()
  await mustEqualStore(perch.url, heavy, stalled)
  const after = await nodeMetrics(perch.url)
  const counted = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  return { p99Ms, heavy: stalled, grownMb: grown / 2 ** 20, passedBy: counted('perch_passed_by_total'), closedSlow: counted('perch_closed_slow_total') }
}

/** @throws Error when a client that did not read shows something else than the server has */
async function mustEqualStore (url: string, floor: string, { shown }: StallDone): Promise<void> {
  const { body } = await callApi({ url, token: ADMIN_KEY }, 'GET', `/v1/floors/${floor}/state?audience=anonymous`)
  const { spaces, counts } = body as { spaces: View[], counts: unknown }
  const views = [...spaces].sort((a, b) => a.id < b.id ? -1 : 1)
  if (JSON.stringify(views) !== shown.views || JSON.stringify(counts) !== shown.counts) throw new Error('a client that came back shows something else than the server')
}

function tableOf (done: ReadonlyArray<{ calm: Run, stalled: Run }>, ms: number): Table {
  const row = (measured: string, of: (pair: { calm: Run, stalled: Run }) => number, aim: number | null = null): Row => {
    const all = done.map(of)
    return { measured, median: median(all), lowest: Math.min(...all), highest: Math.max(...all), 'aim at most': aim, '': aim === null ? '' : median(all) <= aim ? 'reached' : 'missed' }
  }
  // Measured at those who read it: by an estimate it would stay as it is when frames become small.
  const owedMb = ({ calm: { heavy } }: { calm: Run }) => heavy.bytes / SLOW / 2 ** 20
  const ends = new Map<string, number>()
  for (const { stalled: { heavy } } of done) for (const [code, count] of Object.entries(heavy.ends)) ends.set(code, (ends.get(code) ?? 0) + count)
  return {
    title: `${SLOW} of ${(OTHERS + SLOW).toLocaleString('en-US')} sockets stop reading for ${ms / 1000} s`,
    about: [
      `${OTHERS.toLocaleString('en-US')} watch a floor with ${PER_SECOND} changes per second and are measured; ${SLOW} watch another whose ${HEAVY_SPACES} spaces are sent anew ${HEAVY_PER_SECOND} times per second, and do not read. ${done.length} pair(s): the same with them reading, then not.`,
      'Those closed come back as the protocol asks; every client must then be at the server\'s position by gapless diffs, and one of those who did not read is compared with the server view by view.',
      `Connections that were ended, by what the client was told: ${[...ends].map(([code, count]) => `${code} ${count}`).join(', ') || 'none'}.`,
      pinning
    ],
    rows: [
      row('p99 of the others, ms, all read', ({ calm }) => calm.p99Ms),
      row('p99 of the others, ms, beside those who do not', ({ stalled }) => stalled.p99Ms),
      row('the second by the first', ({ calm, stalled }) => stalled.p99Ms / calm.p99Ms, AIM_RATIO),
      atLeast(row('owed to each who does not read, MB', owedMb), AIM_OWED_MB),
      row('memory of the node grown by, MB at most', ({ stalled }) => stalled.grownMb),
      row('the same while all read', ({ calm }) => calm.grownMb),
      row('sockets passed by', ({ stalled }) => stalled.passedBy),
      row('sockets closed TOO_SLOW', ({ stalled }) => stalled.closedSlow)
    ]
  }
}

/** Below which the measurement says nothing. */
function atLeast (row: Row, aim: number): Row {
  return { ...row, '': Number(row['median']) >= aim ? `at least ${aim}: reached` : `at least ${aim}: missed, so this says nothing of slow readers` }
}
