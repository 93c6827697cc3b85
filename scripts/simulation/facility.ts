import { setTimeout as pause } from 'node:timers/promises'
import { ApiRefusal, askApi, Unreachable, type ApiAddress } from '../../src/cli/seed/api.ts'
import type { Random } from '../../src/cli/seed/random.ts'
import { toMoment } from '../../src/protocol/time.ts'
import type { DayClock } from './day-clock.ts'
import type { KnownSpace } from './directory.ts'
import type { Figures } from './figures.ts'

export interface FacilityParts {
  server: ApiAddress
  spaces: readonly KnownSpace[]
  clock: DayClock
  figures: Figures
  random: Random
}

/** Minutes between two blocks, and how long one may last. */
const EVERY = 25
const LASTS = 90
const SHORTEST_MS = 3_000
const PATIENCE_MS = 60_000

const REASONS = ['lamp is broken', 'chair in repair', 'cleaning', 'screen is missing', 'network socket is dead']

/** Facility managers take spaces out of service and put them back; when told to stop they put back all they took. */
export async function runFacility (parts: FacilityParts, signal: AbortSignal): Promise<void> {
  const { spaces, clock, random } = parts
  const blocked: string[] = []
  while (!signal.aborted && spaces.length > 0) {
    await pause(Math.max(1_000, clock.realMs(EVERY)), undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    const { id } = random.pick(spaces)
    const until = toMoment(Date.now() + Math.max(SHORTEST_MS, clock.realMs(random.between(20, LASTS))) + 999)
    if (await ask(parts, 'block', id, { until, reason: random.pick(REASONS) })) blocked.push(id)
    const first = blocked[0]
    if (first !== undefined && random.chance(0.4) && await ask(parts, 'unblock', first)) blocked.shift()
  }
  for (const id of blocked) await ask(parts, 'unblock', id)
}

async function ask ({ server, figures }: FacilityParts, call: 'block' | 'unblock', space: string, body?: unknown): Promise<boolean> {
  const began = performance.now()
  try {
    await askApi(server, call === 'block' ? 'PUT' : 'DELETE', `/v1/spaces/${space}/block`, body, PATIENCE_MS)
    figures.took(call, performance.now() - began)
    return true
  } catch (error) {
    if (error instanceof ApiRefusal) figures.refusals.add(error.code)
    else if (error instanceof Unreachable) figures.retries.add('UNREACHABLE')
    else throw error
    return false
  }
}
