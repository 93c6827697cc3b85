import type { Cleanup } from '../../test/harness/cleanup.ts'
import { cpuMicros } from '../cpu.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import { startLoad } from './load.ts'
import { perchNode } from './perch-node.ts'
import { pinning } from './pin.ts'

const CLIENTS = 2_000
const SPACES = 500
const TURNS = 5
const TIMES = 5
/** Changes missed; null: a client that has nothing, and gets the snapshot. */
const BEHIND: ReadonlyArray<number | null> = [0, 1, 10, 100, null]

/** What does it cost to bring a client up to date that has missed something? */
export async function benchResume (t: Cleanup, { quick, turns: asked, progress }: Terms): Promise<Table[]> {
  const turns = asked ?? (quick ? 2 : TURNS)
  progress('starts the servers')
  const { target, source, pid } = await perchNode(t, { floors: 1, spaces: SPACES })
  const load = await startLoad(t)
  await load.ask('open', { target, source, clients: CLIENTS })
  await load.ask('rounds', { rounds: 2 * Math.max(...BEHIND.map(behind => behind ?? 0)), changes: 1, together: false, seed: 1 })
  for (const behind of BEHIND) await load.ask('watchAgain', { times: 1, behind })
  const measured = BEHIND.map(behind => ({ behind, micros: [] as number[], bytes: 0 }))
  for (let turn = 0; turn < turns; turn++) {
    for (const one of measured) {
      const before = cpuMicros([pid])
      const { bytes } = await load.ask('watchAgain', { times: TIMES, behind: one.behind })
      one.micros.push((cpuMicros([pid]) - before) / CLIENTS / TIMES)
      one.bytes = bytes / CLIENTS / TIMES
    }
    progress(`turn ${turn + 1} of ${turns}`)
  }
  await load.ask('close', null)
  const whole = measured.find(({ behind }) => behind === null)
  const rows = measured.map(({ behind, micros, bytes }): Row => ({
    client: behind === null ? 'has nothing: snapshot' : behind === 0 ? 'has missed nothing: reply alone' : `has missed ${behind} change(s)`,
    'CPU µs': median(micros),
    lowest: Math.min(...micros),
    highest: Math.max(...micros),
    'bytes received': Math.round(bytes),
    'of a snapshot, CPU %': 100 * median(micros) / median(whole?.micros ?? [1]),
    'bytes %': 100 * bytes / (whole?.bytes ?? 1)
  }))
  return [{
    title: `Bringing a client up to date on a floor of ${SPACES} spaces`,
    about: [
      `${CLIENTS.toLocaleString('en-US')} clients ask at once on the connections that they have, ${TIMES} times, each change in another space; CPU of the node per request, with the reply. Medians of ${turns} turn(s).`,
      'The diff or snapshot is made once for all of them; its making is in the figures, a two-thousandth each.',
      pinning
    ],
    rows,
    plots: [{ type: 'bars', title: 'CPU of bringing one client up to date', axis: 'µs of the node (median, and lowest to highest)', bars: measured.map(({ behind, micros }) => ({ name: behind === null ? 'snapshot' : `${behind} behind`, value: median(micros), low: Math.min(...micros), high: Math.max(...micros), ours: true })) }]
  }]
}
