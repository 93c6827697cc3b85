import { bookings, CLAIMS_PER_SPACE, SPACES, type ClaimJob } from './claims-workload.ts'
import { cpuMicros } from './cpu.ts'
import { median, type Rate } from './rate.ts'
import type { Row, Terms } from './report.ts'

/** One way to claim, with servers of its own. */
export interface Contender {
  name: string
  /** Of the process that claims, and of the servers that it needs. Load over HTTP is made elsewhere. */
  pids: { node: number, servers: readonly number[] }
  /** Runs all jobs and counts those that were granted; returns once the work left behind is done as well, which the rate does not count. */
  claim (jobs: readonly ClaimJob[]): Promise<Claimed>
  /** Claims that are really there, wherever they are kept. */
  stored (): Promise<number>
}

export interface Claimed {
  rate: Rate
  granted: number
  /** Answers that told to ask again (503), which was done at once: the time counts. */
  again: number
  /** Granted, and not yet said to be stored for good. */
  provisional: number
}

export interface Standing {
  name: string
  /** Of each round. */
  rates: Rate[]
  /** Microseconds per claim: of the process that claims, and of it with its servers, also for what goes on behind the answers. */
  cpu: Array<{ node: number, all: number }>
  perSecond: number
  again: number
  provisional: number
}

export interface ContestSize {
  rounds: number
  /** Desks that are booked. */
  spaces: number
  /** Claims of a round: no hour is booked twice, so all rounds together are at most 20 times the spaces. */
  jobs: number
}

export function contestSize ({ quick }: Terms): ContestSize {
  return quick ? { rounds: 1, spaces: SPACES / 5, jobs: 3_000 } : { rounds: 3, spaces: SPACES, jobs: 8_000 }
}

/** Every contender books the same, round by round in turn, so that what else the machine does meets them all. @throws Error when one of them did not grant everything */
export async function contest (contenders: readonly Contender[], { rounds, spaces, jobs }: ContestSize, { progress }: Terms): Promise<Standing[]> {
  const now = Date.now()
  const standings = new Map<Contender, Standing>()
  for (const contender of contenders) {
    progress(`${contender.name}: books ${CLAIMS_PER_SPACE} claims per space`)
    await allGranted(contender, bookings(now, 0, spaces))
    standings.set(contender, { name: contender.name, rates: [], cpu: [], perSecond: 0, again: 0, provisional: 0 })
  }
  const half = contenders.map(() => bookings(now, 1, spaces))
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const before = cpuOf(contender)
      const { rate, again, provisional } = await allGranted(contender, half[i]?.slice(round * jobs, (round + 1) * jobs) ?? [])
      const after = cpuOf(contender)
      const standing = standings.get(contender)
      if (standing === undefined) continue
      standing.rates.push(rate)
      standing.cpu.push({ node: (after.node - before.node) / jobs, all: (after.all - before.all) / jobs })
      standing.again += again
      standing.provisional += provisional
      progress(`${contender.name}: round ${round + 1} of ${rounds}, ${Math.round(rate.perSecond)} claims/s`)
    }
  }
  for (const contender of contenders) {
    const [stored, due] = [await contender.stored(), spaces * CLAIMS_PER_SPACE + rounds * jobs]
    if (stored !== due) throw new Error(`${contender.name}: ${stored} claims are there and not ${due}`)
  }
  return [...standings.values()].map(standing => ({ ...standing, perSecond: median(standing.rates.map(({ perSecond }) => perSecond)) }))
}

function cpuOf ({ pids: { node, servers } }: Contender): { node: number, all: number } {
  const used = cpuMicros([node])
  return { node: used, all: used + cpuMicros(servers) }
}

async function allGranted (contender: Contender, jobs: readonly ClaimJob[]): Promise<Claimed> {
  const claimed = await contender.claim(jobs)
  if (claimed.granted !== jobs.length) throw new Error(`${contender.name}: ${claimed.granted} of ${jobs.length} free hours were granted`)
  return claimed
}

/** `aim`: claims per second it should reach. */
export function standingRow ({ name, rates, cpu, again, perSecond }: Standing, aim: number | null): Row {
  const all = rates.map(rate => rate.perSecond)
  return {
    claims: name,
    'claims/s': Math.round(perSecond),
    lowest: Math.round(Math.min(...all)),
    highest: Math.round(Math.max(...all)),
    'p50 ms': median(rates.map(({ p50Ms }) => p50Ms)),
    'p99 ms': median(rates.map(({ p99Ms }) => p99Ms)),
    'CPU µs': Math.round(median(cpu.map(({ node }) => node))),
    'with servers': Math.round(median(cpu.map(({ all }) => all))),
    'asked again': again,
    aim: aim === null ? null : Math.round(aim),
    '': aim === null ? '' : perSecond >= aim ? 'reached' : `${Math.round(100 * perSecond / aim)} %`
  }
}
