import type { Cleanup } from '../../test/harness/cleanup.ts'
import { cpuMicros } from '../cpu.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import type { Contender } from './contender.ts'
import { startLoad, type LoadProcess } from './load.ts'
import { BARE, startPeers } from './peers.ts'
import { benchFloor, perchNode, putFloor, type BenchFloor } from './perch-node.ts'
import { pinning } from './pin.ts'
import { sampleDiffs } from './sample-frames.ts'

const TURNS = 3
const SOCKETS = [1_000, 2_000, 5_000, 10_000, 15_000]
const SOCKETS_QUICK = [1_000, 2_000]
const FLOORS = [1, 20, 200]
const FLOORS_QUICK = [1, 20]
const SPACES = [50, 200, 500, 2_000]
const SPACES_QUICK = [50, 500]
/** Where it is not the sockets that grow. */
const CLIENTS = 2_000
/** A measurement's frames, about; and its rounds at least. */
const FRAMES = 120_000
const ROUNDS_LEAST = 8

interface Case {
  by: 'sockets' | 'floors' | 'spaces of a floor'
  at: number
  contender: Contender
  clients: number
  micros: number[]
  alone: number[]
  load: number[]
}

/** Does a frame cost more when there are more sockets, floors or spaces? */
export async function benchScale (t: Cleanup, { quick, turns: asked, progress }: Terms): Promise<Table[]> {
  const turns = asked ?? (quick ? 1 : TURNS)
  progress('starts the servers')
  const [sockets, floors, spaces] = quick ? [SOCKETS_QUICK, FLOORS_QUICK, SPACES_QUICK] : [SOCKETS, FLOORS, SPACES]
  const perch = await perchNode(t, { floors: Math.max(...floors), spaces: Math.min(...spaces) })
  const [bare] = await startPeers(t, [BARE], await sampleDiffs(perch, 2))
  const on = (some: readonly BenchFloor[]): Contender => ({ ...perch, target: { ...perch.target, floors: some.map(({ id }) => id) }, source: { ...perch.source, floors: some } })
  const cases: Case[] = []
  const add = (by: Case['by'], at: number, contender: Contender, clients: number) => { cases.push({ by, at, contender, clients, micros: [], alone: [], load: [] }) }
  for (const count of sockets) {
    add('sockets', count, on(perch.source.floors.slice(0, 1)), count)
    if (bare !== undefined && 'pid' in bare) add('sockets', count, bare, count)
  }
  for (const count of floors) add('floors', count, on(perch.source.floors.slice(0, count)), CLIENTS)
  for (const count of spaces) {
    const floor = benchFloor(`hq-of-${count}`, count)
    await putFloor(perch.url, floor)
    add('spaces of a floor', count, on([floor]), CLIENTS)
  }
  const load = await startLoad(t)
  for (let turn = 0; turn < turns; turn++) {
    for (const one of cases) await measure(load, one, turn, quick)
    progress(`turn ${turn + 1} of ${turns}`)
  }
  return [tableOf(cases, turns)]
}

async function measure (load: LoadProcess, { contender, clients, micros, alone, load: shares }: Case, seed: number, quick: boolean): Promise<void> {
  const { target, source, pid } = contender
  const rounds = Math.max(ROUNDS_LEAST, Math.ceil(FRAMES / (quick ? 4 : 1) / clients))
  const asked = { rounds, changes: 1, together: false, everyFloor: true, seed }
  const perFrame = async () => {
    const before = cpuMicros([pid])
    const done = await load.ask('rounds', asked)
    return { ...done, each: (cpuMicros([pid]) - before) / rounds / clients }
  }
  await load.ask('open', { target, source, clients: 0 })
  const trigger = await perFrame()
  await load.ask('more', { clients })
  await load.ask('rounds', { ...asked, rounds: Math.ceil(rounds / 4) })
  const { each, cpuMicros: used, wallMs } = await perFrame()
  await load.ask('close', null)
  micros.push(each)
  alone.push(each - trigger.each)
  shares.push(used / wallMs / 10)
}

function tableOf (cases: readonly Case[], turns: number): Table {
  const rows = cases.map(({ by, at, contender: { name }, clients, micros, alone, load }): Row => ({
    by, at, server: name, sockets: clients, 'µs per frame': median(micros), lowest: Math.min(...micros), highest: Math.max(...micros), alone: median(alone), 'load %': Math.round(median(load))
  }))
  const line = (by: Case['by'], name: string) => ({ name, points: cases.filter(one => one.by === by && one.contender.name === name).map(({ at, alone }) => ({ x: at, y: median(alone) })) })
  const plot = (by: Case['by'], names: readonly string[]) => ({
    type: 'lines' as const, title: `CPU of a frame by ${by}`, x: by, y: 'µs per delivered frame, less the commits', lines: names.map(name => line(by, name)).filter(({ points }) => points.length > 0)
  })
  return {
    title: 'CPU per delivered frame, as an office grows',
    about: [
      `One change on every floor, and again when all have it; CPU of the server's process, medians of ${turns} turn(s). "alone": less the same changes with no client, since with many floors most of the work is the commits.`,
      `Where they do not grow: ${CLIENTS.toLocaleString('en-US')} sockets, one floor, ${Math.min(...SPACES)} spaces.`,
      pinning
    ],
    rows,
    plots: [plot('sockets', ['Perch', BARE.name]), plot('floors', ['Perch']), plot('spaces of a floor', ['Perch'])]
  }
}
