import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** Seconds. From what a commit takes to what nobody waits for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Makes metrics of one registry, named perch_… */
export class Families {
  readonly #registry: Registry

  constructor (registry: Registry) {
    this.#registry = registry
  }

  counter<L extends string> (name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name: `perch_${name}_total`, help, labelNames, registers: [this.#registry] })
  }

  gauge<L extends string = never> (name: string, help: string, collect?: (gauge: Gauge<L>) => void | Promise<void>, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({
      name: `perch_${name}`,
      help,
      labelNames,
      registers: [this.#registry],
      ...(collect === undefined ? {} : { async collect (this: Gauge<L>) { await collect(this) } })
    })
  }

  seconds<L extends string> (name: string, help: string, labelNames: readonly L[] = []): Histogram<L> {
    return new Histogram({ name: `perch_${name}_seconds`, help, labelNames, buckets: BUCKETS, registers: [this.#registry] })
  }
}
