import { randomInt } from 'node:crypto'
import { FAULTS, type Fault } from './faults.ts'

/** What the environment asks of a simulation. */
export interface Asked {
  /** The one run of that seed. */
  alone: boolean
  /** Longer, or other, than a test. */
  hunts: boolean
  from: number
  /** It ends with the first of these. */
  runs: number
  ms: number
  faults?: readonly Fault[]
  traced: boolean
}

/**
 * SEED=7 one run · SIM_RUNS=500 so many · SIM_MINUTES=60 so long · SIM_FROM=1000 from that seed on · FAULTS='pause,roll back' these faults and no others · TRACE=1 every step.
 * @param ms how long, when nothing is asked
 */
export function askedOf (env: NodeJS.ProcessEnv, ms: number): Asked {
  const { SEED, SIM_RUNS, SIM_MINUTES, SIM_FROM, FAULTS: names, TRACE } = env
  const faults = names?.split(',').map(faultOf)
  const hunts = SIM_RUNS !== undefined || SIM_MINUTES !== undefined
  return {
    alone: SEED !== undefined,
    hunts,
    // The same seeds whenever nothing else is asked; a hunt looks where nobody has looked.
    from: Number(SEED ?? SIM_FROM ?? (hunts ? randomInt(2 ** 31) : 1)),
    runs: SEED !== undefined ? 1 : Number(SIM_RUNS ?? Infinity),
    ms: SEED !== undefined ? Infinity : SIM_MINUTES !== undefined ? Number(SIM_MINUTES) * 60_000 : hunts ? Infinity : ms,
    ...(faults === undefined ? {} : { faults }),
    traced: TRACE !== undefined
  }
}

function faultOf (name: string): Fault {
  const fault = FAULTS.find(known => known === name)
  if (fault === undefined) throw new RangeError(`no fault is called ${name}; there are ${FAULTS.join(', ')}`)
  return fault
}
