import type { Random } from '../../src/cli/seed/random.ts'
import { dayOf } from './day-plan.ts'
import type { Worker } from './directory.ts'
import { liveStay, type Life } from './live-stay.ts'
import { DAY_MINUTES } from './options.ts'
import type { Stay } from './stay.ts'

export interface CrowdParts extends Life {
  /** Who comes to work; others every day where there are more. */
  workers: readonly Worker[]
  count: number
  random: Random
  /** Sites that are open from now on for so many milliseconds. */
  openSites (forMs: number): ReadonlySet<string>
}

/** Day after day, until told to stop. Resolves when everybody has heard it. */
export async function runCrowd (parts: CrowdParts, signal: AbortSignal): Promise<void> {
  const { clock, random } = parts
  const everybody: Array<Promise<void>> = []
  try {
    for (let day = 0; ; day++) {
      await clock.until(day * DAY_MINUTES, signal)
      const open = parts.openSites(clock.realMs(DAY_MINUTES))
      for (const [i, worker] of random.fork(day).shuffled(parts.workers).slice(0, parts.count).entries()) {
        const site = parts.finder.siteOf(worker, open)
        if (site !== null) everybody.push(work(parts, worker, site, random.fork(1_000 + i), day * DAY_MINUTES, signal))
      }
      await clock.until((day + 1) * DAY_MINUTES, signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await Promise.all(everybody)
  }
}

/** Everything that somebody means to do on a day, side by side: a car stays in its bay while its driver sits in a meeting. */
async function work (parts: CrowdParts, worker: Worker, site: string, random: Random, begins: number, signal: AbortSignal): Promise<void> {
  const stays = dayOf(random, worker.groups.includes('drivers')).map(stay => later(stay, begins))
  await Promise.all(stays.map(async (stay, i) => {
    try {
      await liveStay(parts, worker, site, stay, random.fork(i), signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }))
}

function later (stay: Stay, minutes: number): Stay {
  const turns = stay.turns.map(turn => ({ ...turn, at: turn.at + minutes, ...('to' in turn ? { to: turn.to + minutes } : {}) }))
  return { ...stay, asksAt: stay.asksAt + minutes, from: stay.from + minutes, to: stay.to + minutes, turns }
}
