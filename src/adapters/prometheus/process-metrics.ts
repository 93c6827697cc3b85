import { readdir } from 'node:fs/promises'
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'

/**
 * The library's own that look at every handle, or wait for the file system, while nobody else is served: with 10,000 sockets a scrape held up the node for 40 ms
 * (bench/stream/storm.ts). `perch_sessions` counts the handles that matter.
 */
const LEFT_OUT = ['nodejs_active_handles', 'nodejs_active_handles_total', 'nodejs_active_resources', 'nodejs_active_resources_total', 'process_open_fds']

/** Memory, CPU, garbage collection and event loop lag of this process, and its open files on Linux. */
export function processMetrics (registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const name of LEFT_OUT) registry.removeSingleMetric(name)
  if (process.platform !== 'linux') return
  const openFiles: Gauge = new Gauge({
    name: 'process_open_fds',
    help: 'Open file descriptors',
    registers: [registry],
    async collect () {
      try {
        // Less the one that the look itself opens.
        openFiles.set((await readdir('/proc/self/fd')).length - 1)
      } catch {
        // None is left to look with: the rest of the scrape is needed all the more.
      }
    }
  })
}
