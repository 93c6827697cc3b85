import type { Samples } from '../adapters/prometheus/samples.ts'
import type { ConfigProblem } from '../config.ts'

/** What the process that looks after the workers says to one. */
export type ToWorker =
  /** The answer to `here`: which of the workers it is, from 1 on. */
  | { say: 'begin', worker: number }
  | { say: 'drain', why: string }
  /** Give your samples. */
  | { say: 'sample', id: number }
  /** The answer to `scrape`; null: there is none now. */
  | { say: 'scraped', id: number, page: string | null }

/** What a worker says to it. */
export type FromWorker =
  /** Comes first. */
  | { say: 'here' }
  | { say: 'listening', url: string }
  /** It cannot start with this configuration, and ends. */
  | { say: 'refused', problems: readonly ConfigProblem[] }
  /** Somebody asks for the metrics of the machine. */
  | { say: 'scrape', id: number }
  | { say: 'samples', id: number, samples: Samples }
