import type { Cleanup } from '../../test/harness/cleanup.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import type { Contender } from './contender.ts'
import { startLoad, type LoadProcess } from './load.ts'
import type { ArrivalsDone } from './load-calls.ts'
import { ALL_PEERS, BARE, startPeers } from './peers.ts'
import { perchNode } from './perch-node.ts'
import { pinning } from './pin.ts'
import { barOf } from './plots.ts'
import { sampleDiffs } from './sample-frames.ts'

const SPACES = 50
const TURNS = 3
const WARM_UP_ROUNDS = 20

/** Watchers of one floor, changes of it per second, and what 99 of 100 deliveries should stay under. */
interface Case {
  clients: number
  perSecond: number
  ms: number
  aimMs: number
}

const FEW: Case = { clients: 1_000, perSecond: 10, ms: 20_000, aimMs: 25 }
const MANY: readonly Case[] = [{ clients: 10_000, perSecond: 2, ms: 12_000, aimMs: 120 }, { clients: 10_000, perSecond: 10, ms: 12_000, aimMs: 200 }]

/** How long after a change is asked for do those who watch have it? */
export async function benchLatency (t: Cleanup, terms: Terms): Promise<Table[]> {
  const { quick, progress } = terms
  const turns = terms.turns ?? (quick ? 1 : TURNS)
  progress('starts the servers')
  const perch = await perchNode(t, { floors: 1, spaces: SPACES })
  const started = await startPeers(t, ALL_PEERS, await sampleDiffs(perch, 2))
  const load = await startLoad(t)
  const shorter = quick ? 3 : 1
  const about = [
    'Milliseconds from before the request of a change until a client has it, of every change at every client; one clock, since the same process asks and receives.',
    `Changes come as a Poisson process, whether the last one has arrived or not. Medians of ${turns} turn(s), p99 also the highest of them. Perch commits each to Redis with fsync always, the others only send.`,
    pinning,
    'Load: share of its core that the clients were at work; near 100 % they hold themselves back, and the figures are theirs.'
  ]
  const peers = started.filter(one => 'pid' in one)
  const few = await inTurn(load, [...peers, perch], [{ ...FEW, ms: FEW.ms / shorter }], turns, progress)
  // With so many the floor under every server on Node says what is left to be had.
  const many = await inTurn(load, [...peers.filter(({ name }) => name === BARE.name), perch], MANY.map(one => ({ ...one, ms: one.ms / shorter })), turns, progress)
  const rows = [...started.flatMap(one => 'why' in one ? [{ server: one.name, '': one.why }] : []), ...few.map(standing => rowOf(standing, perch.name))]
  const bars = rows.filter(row => 'p99 ms' in row).map(row => barOf(row, 'server', 'p99 ms', perch.name))
  return [
    {
      title: `From a change to ${FEW.clients.toLocaleString('en-US')} sockets, ${FEW.perSecond} changes per second`,
      about,
      rows,
      plots: [{ type: 'bars', title: `From a change to one of ${FEW.clients.toLocaleString('en-US')} sockets, 99 of 100`, axis: 'ms (median of the turns)', bars, mark: { name: `aim ${FEW.aimMs} ms`, value: FEW.aimMs } }]
    },
    { title: 'From a change to 10,000 watchers of one floor on one node', about, rows: many.map(standing => rowOf(standing, perch.name)) }
  ]
}

interface Standing {
  contender: Contender
  asked: Case
  turns: ArrivalsDone[]
}

async function inTurn (load: LoadProcess, contenders: readonly Contender[], cases: readonly Case[], turns: number, progress: Terms['progress']): Promise<Standing[]> {
  const standings = contenders.flatMap(contender => cases.map((asked): Standing => ({ contender, asked, turns: [] })))
  for (let turn = 0; turn < turns; turn++) {
    for (const { contender: { name, target, source }, asked, turns: done } of standings) {
      await load.ask('open', { target, source, clients: asked.clients })
      await load.ask('rounds', { rounds: WARM_UP_ROUNDS, changes: 1, together: false, seed: turn })
      const figures = await load.ask('arrivals', { ...asked, seed: turn })
      await load.ask('close', null)
      done.push(figures)
      progress(`${name}, ${asked.clients} sockets, ${asked.perSecond}/s: turn ${turn + 1} of ${turns}, p50 ${figures.p50Ms.toFixed(1)} ms, p99 ${figures.p99Ms.toFixed(1)} ms`)
    }
  }
  return standings
}

function rowOf ({ contender: { name }, asked: { clients, perSecond, aimMs }, turns }: Standing, perch: string): Row {
  const p99 = median(turns.map(({ p99Ms }) => p99Ms))
  const isOurs = name === perch
  return {
    server: name,
    sockets: clients,
    'changes/s': perSecond,
    'p50 ms': median(turns.map(({ p50Ms }) => p50Ms)),
    'p99 ms': p99,
    'highest p99': Math.max(...turns.map(({ p99Ms }) => p99Ms)),
    'most ms': Math.max(...turns.map(({ mostMs }) => mostMs)),
    'frames a change': median(turns.map(({ frames, changes }) => frames / changes / clients)),
    'load %': Math.round(median(turns.map(({ cpuMicros, wallMs }) => cpuMicros / wallMs / 10))),
    'aim p99': isOurs ? aimMs : null,
    '': isOurs ? p99 < aimMs ? 'reached' : 'missed' : ''
  }
}
