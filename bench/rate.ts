export interface Rate {
  perSecond: number
  p50Ms: number
  p99Ms: number
}

/** Runs every job, `inFlight` at a time, each of these callers known by its number; rate and latency of all of them. The clock stops when the last one is answered. */
export async function measure<J> (jobs: readonly J[], inFlight: number, run: (job: J, caller: number) => Promise<void>): Promise<Rate> {
  const latencies = new Float64Array(jobs.length)
  let next = 0
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: inFlight }, async (_, caller) => {
    for (let i = next++; i < jobs.length; i = next++) {
      const at = performance.now()
      const job = jobs[i]
      if (job !== undefined) await run(job, caller)
      latencies[i] = performance.now() - at
    }
  }))
  const seconds = (performance.now() - startedAt) / 1000
  return { perSecond: jobs.length / seconds, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) }
}

/** 0 of none. */
export function quantile (values: Float64Array | readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
}

export function median (values: readonly number[]): number {
  return quantile(values, 0.5)
}
