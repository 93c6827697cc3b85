import { AggregatorRegistry, type Registry } from 'prom-client'

/** All that a process has counted, as plain data that can be sent to another one. */
export type Samples = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/**
 * The samples of several processes as one page in Prometheus' text format, each with a label that says whose it is. They are not added up: Prometheus does that, and it must see
 * each process' counters by themselves, or one that starts anew from zero looks like a burst.
 */
export async function pageOf (byWorker: ReadonlyMap<string, Samples>): Promise<string> {
  const labelled = [...byWorker].map(([worker, samples]) => samples.map(metric => ({
    ...metric,
    // The library's own ways to add up never meet two of the same labels here; but one of them leaves metrics out.
    aggregator: 'sum',
    // JSON, by which they come, has no NaN.
    values: metric.values.map(sample => ({ ...sample, value: sample.value ?? NaN, labels: { worker, ...sample.labels } }))
  })))
  return await AggregatorRegistry.aggregate(labelled).metrics()
}
