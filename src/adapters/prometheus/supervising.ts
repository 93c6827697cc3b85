import { collectDefaultMetrics, Registry } from 'prom-client'
import type { SupervisorMetrics } from '../../application/metrics.ts'
import { Families } from './families.ts'
import type { Samples } from './samples.ts'

/** What the process counts that looks after the workers, and its own memory and CPU. */
export function supervisingMetrics (): SupervisorMetrics & { samples (): Promise<Samples> } {
  const registry = new Registry()
  const families = new Families(registry)
  collectDefaultMetrics({ register: registry })
  const serving = families.gauge('workers_serving', 'Workers of this machine that listen; fewer than WORKERS for longer than a start takes is an alarm')
  const deaths = families.counter('worker_deaths', 'Workers that ended without being told to')
  return {
    serving: workers => serving.set(workers),
    died: () => deaths.inc(),
    samples: async () => await registry.getMetricsAsJSON()
  }
}
