import { setTimeout as pause } from 'node:timers/promises'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import { settledMemory } from './settled-memory.ts'
import type { Contender, Missing } from './contender.ts'
import { startLoad, type LoadProcess } from './load.ts'
import { ALL_PEERS, startPeers } from './peers.ts'
import { perchNode } from './perch-node.ts'
import { pinning } from './pin.ts'
import { barOf } from './plots.ts'
import { sampleDiffs } from './sample-frames.ts'

const CLIENTS = 10_000
const CLIENTS_QUICK = 2_000
const SPACES = 50
const TURNS = 3
/** Sockets that are there before the first measurement: what every server makes once is not counted. */
const FIRST = 100
/** Until what a handshake leaves behind is over. */
const SETTLE_MS = 3_000

const AIM_IDLE_KB = 8
const AIM_WATCHING_KB = 12

/** How much memory does a socket take that nothing happens to? */
export async function benchMemory (t: Cleanup, { quick, turns: asked, progress }: Terms): Promise<Table[]> {
  const [turns, clients] = quick ? [asked ?? 1, CLIENTS_QUICK] : [asked ?? TURNS, CLIENTS]
  const load = await startLoad(t)
  const kinds = ['Perch, connected', 'Perch, watching a floor']
  const measured = new Map<string, number[]>()
  let missing: Missing[] = []
  for (let turn = 0; turn < turns; turn++) {
    // Anew in each turn: what a process once had from the system it rarely gives back.
    const ends: Array<() => unknown> = []
    const turnEnds: Cleanup = { after: end => { ends.push(end) } }
    const stop = async () => { for (const end of ends.splice(0).reverse()) await end() }
    t.after(stop)
    const perches = [await perchNode(turnEnds, { floors: 1, spaces: SPACES, inspected: true }), await perchNode(turnEnds, { floors: 1, spaces: SPACES, inspected: true })]
    const [first] = perches
    if (first === undefined) throw new Error('no node')
    const started = await startPeers(turnEnds, ALL_PEERS, await sampleDiffs(first, 2), { inspected: true })
    missing = started.filter(one => 'why' in one)
    const contenders = [...started.filter(one => 'pid' in one), ...perches.map((perch, i): Contender => ({ ...perch, name: kinds[i] ?? '' }))]
    for (const contender of contenders) {
      const kb = await perSocket(load, contender, clients, contender.name !== kinds[0])
      measured.set(contender.name, [...measured.get(contender.name) ?? [], kb])
      progress(`${contender.name}: turn ${turn + 1} of ${turns}, ${kb.toFixed(1)} KB`)
    }
    await stop()
  }
  const rows = [...missing.map(({ name, why }): Row => ({ server: name, '': why })), ...[...measured].map(([name, kbs]) => rowOf(name, kbs, name === kinds[0] ? AIM_IDLE_KB : name === kinds[1] ? AIM_WATCHING_KB : null))]
  const bars = rows.filter(row => 'KB a socket' in row).map(row => ({ ...barOf(row, 'server', 'KB a socket', ''), ours: kinds.includes(String(row['server'])) }))
  return [{
    title: `Memory of a socket that is idle, ${clients.toLocaleString('en-US')} of them`,
    about: [
      'Resident memory of the server with them, less that with a hundred, both after two full collections (Node), shared among them; the kernel\'s own buffers are not in it.',
      `Medians of ${turns} turn(s), each server started anew for each. Perch is a whole node that pulses each socket every 5 s; watching is one floor of ${SPACES} spaces, all the same.`,
      pinning
    ],
    rows,
    plots: [{ type: 'bars', title: `Memory of an idle socket, ${clients.toLocaleString('en-US')} of them`, axis: 'KB of resident memory (median, and lowest to highest)', bars }]
  }]
}

async function perSocket (load: LoadProcess, { target, source, pid, inspector }: Contender, clients: number, watching: boolean): Promise<number> {
  const of = { target: watching ? target : { ...target, watching: false }, source }
  await load.ask('open', { ...of, clients: FIRST })
  await pause(SETTLE_MS)
  const before = await settledMemory(pid, inspector ?? null)
  await load.ask('more', { clients: clients - FIRST })
  await pause(SETTLE_MS)
  const after = await settledMemory(pid, inspector ?? null)
  await load.ask('close', null)
  return (after - before) / 1024 / (clients - FIRST)
}

function rowOf (server: string, kbs: readonly number[], aim: number | null): Row {
  const kb = median(kbs)
  return { server, 'KB a socket': kb, lowest: Math.min(...kbs), highest: Math.max(...kbs), 'aim at most': aim, '': aim === null ? '' : kb <= aim ? 'reached' : 'missed' }
}
