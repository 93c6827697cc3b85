import type { Worker } from 'node:cluster'
import { prometheusMetrics } from '../adapters/prometheus/metrics.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { ConfigError } from '../config.ts'
import { PrimaryLink } from './primary-link.ts'
import { runNode, type RunNodeParts } from './run-node.ts'
import { untilToldToEnd } from './signals.ts'

/** Runs this process' node as one of several; the exit code. What is wrong with the configuration is said by the process that looks after all. @throws whatever else keeps it from starting */
export async function runWorker ({ config, log, version }: Pick<RunNodeParts, 'config' | 'log' | 'version'>, worker: Worker): Promise<number> {
  const own = prometheusMetrics()
  const primary = new PrimaryLink(worker, { clock: systemClock(), samples: own.samples })
  try {
    return await runNode({
      config,
      log: log.child({ worker: await primary.begin() }),
      version,
      metrics: { ...own, text: async () => await primary.scrape() },
      // A terminal's Ctrl-C comes to every process of its group; `kill` and service managers may tell one alone.
      told: async () => await Promise.race([untilToldToEnd(), primary.told]),
      onListening: async url => await primary.tell({ say: 'listening', url })
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    await primary.tell({ say: 'refused', problems: error.problems })
    return 1
  } finally {
    primary.leave()
  }
}
