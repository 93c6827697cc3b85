import { v7 as uuidv7 } from 'uuid'
import { DAY, HOUR } from '../src/domain/time.ts'

/** 20 floors of 60 desks. */
export const FLOORS = 20
export const DESKS_PER_FLOOR = 60
export const SPACES = FLOORS * DESKS_PER_FLOOR
/** Booked before the clock starts, and again while it runs, per space: five a day on four days. */
export const CLAIMS_PER_SPACE = 20
const PER_DAY = 5

export interface ClaimJob {
  id: string
  space: string
  person: string
  from: string
  to: string
}

export const spaceName = (i: number): string => `f${Math.floor(i / DESKS_PER_FLOOR)}-d${i % DESKS_PER_FLOOR}`
export const personName = (i: number): string => `p${i}`
/** Nobody books twice at a time: each slot of all spaces has its own people. */
export const PEOPLE = SPACES

/**
 * One booking of an hour for each space and slot, spaces in turn. `half` 0 fills the even hours of the coming four days, 1 the odd ones between them, so that what is
 * measured finds 20 claims per space, five of them in the record it writes.
 */
export function bookings (now: number, half: 0 | 1): ClaimJob[] {
  const tomorrow = Math.floor(now / DAY) * DAY + DAY
  return Array.from({ length: SPACES * CLAIMS_PER_SPACE }, (_, i) => {
    const [space, slot] = [i % SPACES, Math.floor(i / SPACES)]
    const from = tomorrow + Math.floor(slot / PER_DAY) * DAY + (2 * (slot % PER_DAY) + half) * HOUR
    return { id: uuidv7(), space: spaceName(space), person: personName(space), from: moment(from), to: moment(from + HOUR) }
  })
}

const moment = (at: number): string => new Date(at).toISOString().slice(0, 19) + 'Z'

export interface Rate {
  perSecond: number
  p50Ms: number
  p99Ms: number
}

/** Runs every job, `inFlight` at a time; rate and latency of all of them. */
export async function measure<J> (jobs: readonly J[], inFlight: number, run: (job: J) => Promise<void>): Promise<Rate> {
  const latencies = new Float64Array(jobs.length)
  let next = 0
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: inFlight }, async () => {
    for (let i = next++; i < jobs.length; i = next++) {
      const at = performance.now()
      const job = jobs[i]
      if (job !== undefined) await run(job)
      latencies[i] = performance.now() - at
    }
  }))
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort()
  const quantile = (q: number) => latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? 0
  return { perSecond: jobs.length / seconds, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}
