import type { HttpContender } from './claims-http.ts'
import { races } from './claims-workload.ts'
import type { Row, Table, Terms } from './report.ts'

const RIVALS = 4
const SLOTS = 1_500
const SLOTS_QUICK = 500

/** What comes of rivals who want the same desk in the same hour at once: one of them should have it. */
export async function contention (contenders: readonly HttpContender[], { quick, progress }: Terms): Promise<Table> {
  const slots = quick ? SLOTS_QUICK : SLOTS
  const rows: Row[] = []
  for (const contender of contenders) {
    const jobs = races(Date.now(), slots, RIVALS)
    const { statuses, rate: { perSecond, p50Ms, p99Ms } } = await contender.answers(jobs)
    progress(`${contender.name}: ${slots} races, ${Math.round(perSecond)} answers/s`)
    const winners = Array.from({ length: slots }, (_, slot) => statuses.slice(slot * RIVALS, (slot + 1) * RIVALS).filter(status => status === 201).length)
    rows.push({
      claims: contender.name,
      'answers/s': Math.round(perSecond),
      'p50 ms': p50Ms,
      'p99 ms': p99Ms,
      'hours granted once': winners.filter(count => count === 1).length,
      'to nobody': winners.filter(count => count === 0).length,
      doubled: winners.filter(count => count > 1).length,
      'told to ask again': statuses.filter(status => status === 503).length,
      failed: statuses.filter(status => status === 500).length
    })
  }
  return { title: `Races over HTTP: ${slots} free hours, ${RIVALS} rivals for each at once, answered as accepted`, about: ['One round; a rival who is told to ask again (503) does not.'], rows }
}
