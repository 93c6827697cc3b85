import type { Fault } from './faults.ts'
import { simulate, type Outcome, type Wiring } from './run.ts'

export interface Hunt {
  /** The first seed; the next ones follow. */
  from: number
  wiring?: Wiring
  faults?: readonly Fault[]
  everyMs?: number
  /** It ends with the first of these. */
  runs?: number
  ms?: number
  onRun? (outcome: Outcome, hunted: Hunted): void
}

export interface Hunted {
  runs: number
  commands: number
  granted: number
  persisted: number
  steps: number
  virtualMs: number
  tookMs: number
  /** The first run that broke something. */
  broken: Outcome | null
}

/** Runs seeds, one after the other, until one breaks something or time is up. */
export async function hunt ({ from, wiring = {}, faults, everyMs, runs = Infinity, ms = Infinity, onRun }: Hunt): Promise<Hunted> {
  const began = performance.now()
  const hunted: Hunted = { runs: 0, commands: 0, granted: 0, persisted: 0, steps: 0, virtualMs: 0, tookMs: 0, broken: null }
  while (hunted.broken === null && hunted.runs < runs && hunted.tookMs < ms) {
    const outcome = await simulate({ seed: from + hunted.runs, wiring, ...(faults === undefined ? {} : { faults }), ...(everyMs === undefined ? {} : { everyMs }) })
    hunted.runs++
    for (const name of ['commands', 'granted', 'persisted', 'steps', 'virtualMs'] as const) hunted[name] += outcome[name]
    hunted.tookMs = performance.now() - began
    if (outcome.broken !== null) hunted.broken = outcome
    onRun?.(outcome, hunted)
  }
  return hunted
}
