import { setTimeout as pause } from 'node:timers/promises'
import { seeded } from '../../test/harness/random.ts'
import { quantile } from '../rate.ts'
import { openChanges, type Changes } from './changes.ts'
import { Crowd } from './crowd.ts'
import { Latencies } from './latencies.ts'
import type { Load, LoadAnswer, LoadCall, LoadCalls } from './load-calls.ts'

/** The load as a process of its own: clients, and the changes that they are to hear of. Does what its parent asks, one thing at a time. */

/** Between a change that everybody has and the next: longer than Perch's rest of 10 ms, or two changes would share a frame. */
const REST_MS = 12
const MORE_REST_MS = 8

let held: { crowd: Crowd, changes: Changes } | null = null

const calls: { [K in keyof LoadCalls]: (asked: LoadCalls[K]['asked']) => Promise<LoadCalls[K]['done']> } = {
  async open ({ target, source, clients }) {
    const changes = openChanges(source)
    const crowd = new Crowd(target)
    held = { crowd, changes }
    await crowd.open(clients, changes.seq)
    return null
  },
  async storm ({ window, changes: count, seed }) {
    const { crowd, changes } = opened()
    let took: number[] = []
    const load = await measured(async () => {
      const back = crowd.storm(window, seeded(seed))
      for (let i = 0; i < count; i++) await changes.one(0)
      took = await back
    })
    return { ...load, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), mostMs: quantile(took, 1) }
  },
  async more ({ clients }) {
    const { crowd, changes } = opened()
    await crowd.open(clients, changes.seq)
    return null
  },
  async rounds ({ rounds, changes: count, together, seed }) {
    const { crowd, changes } = opened()
    const random = seeded(seed)
    const [frames, bytes] = [crowd.frames, crowd.bytes]
    const load = await measured(async () => {
      for (let round = 0; round < rounds; round++) {
        const floor = round % crowd.floors.length
        const seq = together ? await changes.together(floor, count) : await oneByOne(changes, floor, count)
        await crowd.reaches(floor, seq)
        await pause(REST_MS + exponential(random, MORE_REST_MS))
      }
    })
    return { ...load, frames: crowd.frames - frames, bytes: crowd.bytes - bytes }
  },
  async arrivals ({ perSecond, ms, seed }) {
    const { crowd, changes } = opened()
    const random = seeded(seed)
    const latencies = new Latencies()
    const before = crowd.frames
    const under: Array<Promise<void>> = []
    crowd.onDiff = (from, to) => latencies.arrived(from, to)
    const load = await measured(async () => {
      const startedAt = performance.now()
      for (let at = startedAt; at < startedAt + ms; at += exponential(random, 1000 / perSecond)) {
        await pause(at - performance.now())
        const calledAt = performance.now()
        const made = changes.one(0).then(seq => latencies.made(seq, calledAt))
        // Looked at below, when all are under way.
        made.catch(() => {})
        under.push(made)
      }
      await Promise.all(under)
      await crowd.reaches(0, latencies.last)
    })
    crowd.onDiff = null
    return { ...load, ...latencies.quantiles(crowd.size), frames: crowd.frames - before }
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

async function oneByOne (changes: Changes, floor: number, count: number): Promise<number> {
  for (let left = count; left > 1; left--) await changes.one(floor)
  return await changes.one(floor)
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
