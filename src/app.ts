import cluster from 'node:cluster'
import { pinoLogger } from './adapters/pino/logger.ts'
import { prometheusMetrics } from './adapters/prometheus/metrics.ts'
import { runNode } from './app/run-node.ts'
import { runWorker } from './app/run-worker.ts'
import { runWorkers } from './app/run-workers.ts'
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
  if (cluster.worker !== undefined) return await runWorker(parts, cluster.worker)
  const told = untilToldToEnd()
  return config.workers === 1
    ? await runNode({ ...parts, metrics: prometheusMetrics(), told, onListening })
    : await runWorkers({ ...parts, told, onListening })
}
