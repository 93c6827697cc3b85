import { setTimeout as pause } from 'node:timers/promises'
import { ClientReplica } from '../../test/harness/client-replica.ts'
import type { ServerFrame } from '../../src/protocol/frames.ts'
import { seeded } from '../../test/harness/random.ts'
import { quantile } from '../rate.ts'
import { openChanges, type Changes } from './changes.ts'
import { Crowd } from './crowd.ts'
import { Latencies } from './latencies.ts'
import type { Load, LoadAnswer, LoadCall, LoadCalls, RoundsAsked } from './load-calls.ts'

/** The load as a process of its own: clients, and the changes that they are to hear of. Does what its parent asks, one thing at a time. */

/** Between a change that everybody has and the next: longer than Perch's rest of 10 ms, or two changes would share a frame. */
const REST_MS = 12
const MORE_REST_MS = 8
/** Changes of different floors under way at a time. */
const AT_ONCE = 16

let held: { crowd: Crowd, changes: Changes, shown: ClientReplica } | null = null

const calls: { [K in keyof LoadCalls]: (asked: LoadCalls[K]['asked']) => Promise<LoadCalls[K]['done']> } = {
  async open ({ target, source, clients }) {
    const changes = openChanges(source)
    const [crowd, shown] = [new Crowd(target), new ClientReplica('anonymous')]
    held = { crowd, changes, shown }
    // Only Perch's frames are whole; and only one client looks into them.
    if (target.dialect === 'perch') crowd.onFrame = text => { shown.receive(JSON.parse(text) as ServerFrame) }
    await crowd.open(clients, changes.seq)
    return null
  },
  async storm ({ noticeMs, window, changes: count, seed }) {
    const { crowd, changes } = opened()
    let [took, last]: [number[], number] = [[], 0]
    const load = await measured(async () => {
      const back = crowd.storm(noticeMs, window, seeded(seed))
      for (let i = 0; i < count; i++) last = await changes.one(0)
      took = await back
      await crowd.reaches(0, last)
    })
    return { ...load, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), mostMs: load.wallMs - noticeMs }
  },
  async more ({ clients }) {
    const { crowd, changes } = opened()
    await crowd.open(clients, changes.seq)
    return null
  },
  async rounds (asked) {
    const { crowd, changes } = opened()
    const random = seeded(asked.seed)
    const [frames, bytes] = [crowd.frames, crowd.bytes]
    let deliveries = 0
    const load = await measured(async () => {
      for (let round = 0; round < asked.rounds; round++) {
        deliveries += asked.everyFloor === true ? await changeEveryFloor(crowd, changes) : await changeFloor(crowd, changes, round % crowd.floors.length, asked)
        await pause(REST_MS + exponential(random, MORE_REST_MS))
      }
    })
    if (asked.changes === 1 && crowd.frames - frames !== deliveries) throw new Error(`${deliveries} deliveries of one change each came in ${crowd.frames - frames} frames`)
    return { ...load, frames: crowd.frames - frames, bytes: crowd.bytes - bytes }
  },
  async arrivals ({ perSecond, ms, seed }) {
    const { crowd, changes } = opened()
    const random = seeded(seed)
    const latencies = new Latencies()
    const before = crowd.frames
    crowd.onDiff = (from, to) => latencies.arrived(from, to)
    const load = await measured(async () => {
      await poisson(perSecond, ms, random, async () => {
        const calledAt = performance.now()
        latencies.made(await changes.one(0), calledAt)
      })
      await crowd.reaches(0, latencies.last)
    })
    crowd.onDiff = null
    return { ...load, ...latencies.quantiles(crowd.size), frames: crowd.frames - before }
  },
  async stall ({ stalling, perSecond, ms, window, seed }) {
    const { crowd, changes, shown } = opened()
    let [made, last, ends]: [number, number, Record<string, number>] = [0, 0, {}]
    const before = crowd.bytes
    const work = async (): Promise<number> => {
      await poisson(perSecond, ms, seeded(seed), async () => {
        made++
        last = Math.max(last, await changes.whole(0))
      })
      return last
    }
    const load = await measured(async () => {
      if (stalling) ends = await crowd.stall(work, window, seeded(seed + 1))
      else await crowd.reaches(0, await work())
    })
    const floor = shown.floors.get(crowd.floors[0]?.floor ?? '')
    const views = [...floor?.views.values() ?? []].sort((a, b) => a.id < b.id ? -1 : 1)
    return { ...load, changes: made, bytes: crowd.bytes - before, ends, shown: { views: JSON.stringify(views), counts: JSON.stringify(floor?.counts ?? null) } }
  },
  async watchAgain ({ times, behind }) {
    const { crowd } = opened()
    const before = crowd.bytes
    const load = await measured(async () => { for (let i = 0; i < times; i++) await crowd.watchAgain(behind) })
    return { ...load, bytes: crowd.bytes - before }
  },
  async close () {
    held?.crowd.close()
    held?.changes.close()
    held = null
    return null
  }
}

function opened () {
  if (held === null) throw new Error('there are no clients')
  return held
}

/** Resolves when all who watch the floor have it all: how many deliveries that were. */
async function changeFloor (crowd: Crowd, changes: Changes, floor: number, { changes: count, together }: RoundsAsked): Promise<number> {
  let seq = 0
  if (together) seq = await changes.together(floor, count)
  else for (let left = count; left > 0; left--) seq = await changes.one(floor)
  await crowd.reaches(floor, seq)
  return count * (crowd.floors[floor]?.size ?? 0)
}

async function changeEveryFloor (crowd: Crowd, changes: Changes): Promise<number> {
  const left = [...crowd.floors.keys()]
  const some = async () => {
    for (let floor = left.pop(); floor !== undefined; floor = left.pop()) await crowd.reaches(floor, await changes.one(floor))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, some))
  return crowd.size
}

/** `change` at moments that nobody can foresee, for that long; resolves when all are done. */
async function poisson (perSecond: number, ms: number, random: () => number, change: () => Promise<void>): Promise<void> {
  const [startedAt, under]: [number, Array<Promise<void>>] = [performance.now(), []]
  for (let at = startedAt; at < startedAt + ms; at += exponential(random, 1000 / perSecond)) {
    await pause(at - performance.now())
    const one = change()
    // Looked at below, when all are under way.
    one.catch(() => {})
    under.push(one)
  }
  await Promise.all(under)
}

async function measured (work: () => Promise<void>): Promise<Load> {
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMicros: user + system, wallMs: performance.now() - startedAt }
}

/** Milliseconds between two events of a Poisson process. */
function exponential (random: () => number, meanMs: number): number {
  return -meanMs * Math.log(1 - random())
}

async function answer ({ id, call, asked }: LoadCall): Promise<LoadAnswer> {
  try {
    return { id, result: await (calls[call] as (asked: unknown) => Promise<unknown>)(asked) }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', message => { answer(message as LoadCall).then(said => process.send?.(said)) })
// Whoever asked is gone.
process.on('disconnect', () => process.exit(0))
