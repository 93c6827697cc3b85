import cluster from 'node:cluster'
import { pinoLogger } from './adapters/pino/logger.ts'
import { untilToldToEnd } from './app/signals.ts'
import { readVersion } from './app/version.ts'
import type { Config } from './config.ts'

export interface ServeOptions {
  /** Runs once the machine listens, beside it. */
  onListening? (url: string): Promise<void>
}

/**
 * Serves until it is told to end (SIGTERM, SIGINT) or cannot go on: by a node in this process, or by WORKERS of them in processes of their own, which come here as well. The
 * exit code. @throws ConfigError, and whatever keeps it from starting
 */
export async function serve (config: Config, { onListening = async () => {} }: ServeOptions = {}): Promise<number> {
  const parts = { config, log: pinoLogger(config.logLevel), version: await readVersion() }
  // Each is loaded where it runs: a process that only looks after others needs a third of the memory.
  if (cluster.worker !== undefined) {
    const { runWorker } = await import('./app/run-worker.ts')
    return await runWorker(parts, cluster.worker)
  }
  if (config.workers > 1) {
    const { runWorkers } = await import('./app/run-workers.ts')
    return await runWorkers({ ...parts, onListening })
  }
  const { runNode } = await import('./app/run-node.ts')
  const { prometheusMetrics } = await import('./adapters/prometheus/metrics.ts')
  return await runNode({ ...parts, metrics: prometheusMetrics(), told: untilToldToEnd, onListening })
}
