import cluster from 'node:cluster'
import { supervisingMetrics } from '../adapters/prometheus/supervising.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { RunNodeParts } from './run-node.ts'
import { Scrapes } from './scrapes.ts'
import { untilToldToEnd } from './signals.ts'
import { Supervisor, type WorkerEvents, type WorkerProcess } from './supervisor.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/**
 * Looks after WORKERS processes that serve at one port, and serves nobody itself; the exit code when all have ended. As node:cluster does unless it is told otherwise, this
 * process accepts each connection and hands it to the next of them in turn. Left to the kernel (SCHED_NONE) a new connection costs 0.5 ms of CPU instead of 0.75, but four workers
 * got 138 to 244 of 800; and the connections of a live stream stay for days where they came.
 * @throws ConfigError
 */
export async function runWorkers ({ config, log, version, onListening }: Omit<RunNodeParts, 'metrics' | 'told'>): Promise<number> {
  const clock = systemClock()
  const metrics = supervisingMetrics()
  const scrapes = new Scrapes({ clock, samples: metrics.samples, ask: id => supervisor.ask({ say: 'sample', id }) })
  const fail = (error: unknown): void => {
    log.fatal({ err: error }, 'cannot go on')
    supervisor.end('a failure', 1)
  }
  const supervisor = new Supervisor({
    workers: config.workers,
    fork,
    clock,
    log,
    metrics,
    onListening: url => { onListening(url).catch(fail) },
    onSaid: (worker, message) => {
      if (message.say === 'samples') scrapes.take(message.id, worker, message.samples)
      if (message.say !== 'scrape') return
      scrapes.page()
        .catch(() => null)
        .then(page => supervisor.tell(worker, { say: 'scraped', id: message.id, page }), fail)
    }
  })
  log.info({ version, workers: config.workers }, 'starting workers')
  untilToldToEnd().then(signal => {
    log.info({ signal }, 'draining workers')
    supervisor.end(signal)
  }, fail)
  const code = await supervisor.run()
  log.info({ code }, 'workers ended')
  return code
}

function fork ({ said, gone }: WorkerEvents): WorkerProcess {
  const forked = cluster.fork()
  // Our own program of the same release is at the other end.
  forked.on('message', (message: FromWorker) => said(message))
  forked.once('exit', (code: number | null, signal: string | null) => gone(signal ?? code ?? 1))
  // What could not be said to one that is ending need not be: its end is told.
  forked.on('error', () => {})
  return {
    pid: forked.process.pid ?? 0,
    tell: (message: ToWorker) => { if (forked.isConnected()) forked.send(message, () => {}) },
    kill: () => { forked.process.kill('SIGKILL') }
  }
}
