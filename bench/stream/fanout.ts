import type { Cleanup } from '../../test/harness/cleanup.ts'
import { cpuMicros } from '../cpu.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import type { Contender, Missing } from './contender.ts'
import { startLoad, type LoadProcess } from './load.ts'
import type { RoundsAsked } from './load-calls.ts'
import { ALL_PEERS, BARE, BUN, SOCKETIO, startPeers, WS } from './peers.ts'
import { perchNode } from './perch-node.ts'
import { pinning } from './pin.ts'
import { barOf } from './plots.ts'
import { sampleDiffs } from './sample-frames.ts'

const CLIENTS = 2_000
const SPACES = 50
const BATCH = 8
const TURNS = 3
const ROUNDS = 60
const BATCH_ROUNDS = 40
const WARM_UP_ROUNDS = 15

/** What is measured of a contender in each turn, in microseconds of its CPU. */
interface Turn {
  /** Per frame of one change at one client; `trigger`: what publishing cost of that. */
  one: number
  trigger: number
  /** Per change at one client, eight at a time: told together, and one frame each where that differs. */
  eight: number
  eightTrigger: number
  apart: number | null
  framesOfEight: number
  /** Share of its core that the load was at work, while one change was a frame. */
  load: number
}

/** How much CPU does a server take to bring a change to a socket? */
export async function benchFanout (t: Cleanup, { quick, turns: asked, progress }: Terms): Promise<Table[]> {
  const [turns, shorter] = quick ? [asked ?? 1, 3] : [asked ?? TURNS, 1]
  progress('starts the servers')
  const perch = await perchNode(t, { floors: 1, spaces: SPACES })
  const frames = await sampleDiffs(perch, BATCH)
  const started = await startPeers(t, ALL_PEERS, frames)
  const contenders = [...started.filter(one => 'pid' in one), perch]
  const load = await startLoad(t)
  const measured = new Map<string, Turn[]>(contenders.map(({ name }) => [name, []]))
  for (let turn = 0; turn < turns; turn++) {
    for (const contender of contenders) {
      const figures = await takeTurn(load, contender, turn, shorter)
      measured.get(contender.name)?.push(figures)
      progress(`${contender.name}: turn ${turn + 1} of ${turns}, ${figures.one.toFixed(2)} µs per frame`)
    }
  }
  const about = [
    `${CLIENTS.toLocaleString('en-US')} sockets, all told of every change of one floor of ${SPACES} spaces; the next change when all have the last.`,
    `CPU of the server's process alone, medians of ${turns} turn(s); each client's frames are checked for gaps.`,
    '"a change": the same with no client, which is a commit to Redis and the ledger for Perch and an empty POST for the others. "alone": a frame less its share of that.',
    pinning,
    'Load: share of its core that the clients were at work; near 100 % it would hold the server back.'
  ]
  return [ofOne(started, perch.name, measured, [`A frame is ${Buffer.byteLength(frames.one)} bytes: one space of an anonymous diff.`, ...about]),
    ofEight(started, perch.name, measured, [`${BATCH} changes at once; in one frame that is ${Buffer.byteLength(frames.many)} bytes. Perch gathers them by itself, the others are told to send one frame.`, ...about])]
}

async function takeTurn (load: LoadProcess, contender: Contender, turn: number, shorter: number): Promise<Turn> {
  const { target, source, pid, name } = contender
  const rounds = async (clients: number, asked: Omit<RoundsAsked, 'seed'>) => {
    const before = cpuMicros([pid])
    const done = await load.ask('rounds', { ...asked, seed: turn })
    return { ...done, micros: (cpuMicros([pid]) - before) / (asked.rounds * asked.changes * Math.max(clients, 1)) }
  }
  const one = { rounds: Math.ceil(ROUNDS / shorter), changes: 1, together: false }
  const eight = { rounds: Math.ceil(BATCH_ROUNDS / shorter), changes: BATCH, together: true }
  await load.ask('open', { target, source, clients: 0 })
  const [trigger, eightTrigger] = [await rounds(CLIENTS, half(one)), await rounds(CLIENTS, half(eight))]
  await load.ask('close', null)
  await load.ask('open', { target, source, clients: CLIENTS })
  await load.ask('rounds', { ...one, rounds: WARM_UP_ROUNDS, seed: turn })
  const ofOne = await rounds(CLIENTS, one)
  const ofEight = await rounds(CLIENTS, eight)
  const apart = name === WS.name || name === SOCKETIO.name ? await rounds(CLIENTS, { ...eight, rounds: Math.ceil(eight.rounds / 4), together: false }) : null
  await load.ask('close', null)
  return {
    one: ofOne.micros,
    trigger: trigger.micros,
    eight: ofEight.micros,
    eightTrigger: eightTrigger.micros,
    apart: apart?.micros ?? null,
    framesOfEight: ofEight.frames / CLIENTS / eight.rounds,
    load: 100 * ofOne.cpuMicros / 1000 / ofOne.wallMs
  }
}

function half (asked: Omit<RoundsAsked, 'seed'>): Omit<RoundsAsked, 'seed'> {
  return { ...asked, rounds: Math.ceil(asked.rounds / 2) }
}

/** Perch's cost at most so many times that of the other, both less what a change costs that nobody watches. */
const AIMS_OF_ONE: Readonly<Record<string, number>> = { [BARE.name]: 1.1, [SOCKETIO.name]: 0.65, [BUN.name]: 1.5 }
/** Microseconds per delivered change of Perch. */
const AIM_OF_EIGHT = 2

function ofOne (started: ReadonlyArray<Contender | Missing>, perch: string, measured: ReadonlyMap<string, readonly Turn[]>, about: readonly string[]): Table {
  const figure = (name: string, of: (turn: Turn) => number) => median((measured.get(name) ?? []).map(of))
  const alone = (turn: Turn) => turn.one - turn.trigger
  const rows = [...started, { name: perch }].map((contender): Row => {
    const { name } = contender
    if ('why' in contender) return { server: name, '': contender.why }
    const all = (measured.get(name) ?? []).map(({ one }) => one)
    const ratio = figure(perch, alone) / figure(name, alone)
    const aim = AIMS_OF_ONE[name] ?? null
    return {
      server: name,
      'µs per frame': median(all),
      lowest: Math.min(...all),
      highest: Math.max(...all),
      'a change, µs': Math.round(CLIENTS * figure(name, ({ trigger }) => trigger)),
      alone: figure(name, alone),
      'load %': Math.round(figure(name, ({ load }) => load)),
      'Perch / it': name === perch ? null : figure(perch, ({ one }) => one) / figure(name, ({ one }) => one),
      'both alone': name === perch ? null : ratio,
      'aim at most': aim,
      '': aim === null ? '' : ratio <= aim ? 'reached' : 'missed'
    }
  })
  const bars = rows.filter(row => typeof row['µs per frame'] === 'number').map(row => barOf(row, 'server', 'µs per frame', perch))
  return { title: 'CPU per delivered frame, one change in each', about, rows, plots: [{ type: 'bars', title: `CPU of a frame to one of ${CLIENTS} sockets`, axis: 'µs of the server per delivered frame (median, and lowest to highest)', bars }] }
}

function ofEight (started: ReadonlyArray<Contender | Missing>, perch: string, measured: ReadonlyMap<string, readonly Turn[]>, about: readonly string[]): Table {
  const figure = (name: string, of: (turn: Turn) => number) => median((measured.get(name) ?? []).map(of))
  const ofPerch = figure(perch, ({ eight }) => eight)
  const row = (server: string, micros: number, alone: number | null, frames: number): Row => ({
    server, 'µs per change': micros, alone, 'frames of 8': frames, 'Perch / it': server === perch ? null : ofPerch / micros, 'aim at most': null, '': ''
  })
  const rows = [...started, { name: perch }].flatMap((contender): Row[] => {
    const { name } = contender
    if ('why' in contender) return [{ server: name, '': contender.why }]
    const apart = measured.get(name)?.map(turn => turn.apart).filter(micros => micros !== null) ?? []
    return [
      ...apart.length === 0 ? [] : [row(`${name}, a frame for each change`, median(apart), null, BATCH)],
      row(name, figure(name, ({ eight }) => eight), figure(name, turn => turn.eight - turn.eightTrigger), figure(name, ({ framesOfEight }) => framesOfEight))
    ]
  })
  const last = rows.at(-1)
  if (last !== undefined) rows[rows.length - 1] = { ...last, 'aim at most': AIM_OF_EIGHT, '': ofPerch <= AIM_OF_EIGHT ? 'reached' : 'missed' }
  const bars = rows.filter(row => typeof row['µs per change'] === 'number').map(row => barOf(row, 'server', 'µs per change', perch))
  return { title: 'CPU per delivered change, eight at once', about, rows, plots: [{ type: 'bars', title: 'CPU of a change, eight at once', axis: 'µs of the server per delivered change (median)', bars }] }
}
