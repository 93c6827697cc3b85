import type { Logger } from 'pino'
import type { Metrics } from '../application/metrics.ts'
import type { Config } from '../config.ts'
import { CLOSE_WITHIN_MS } from './close-within.ts'
import { openPerch } from './perch.ts'

export interface RunNodeParts {
  config: Config
  log: Logger
  version: string
  metrics: Metrics
  /** Resolves with the signal at which the node shall end. Called once it listens: before that a signal ends the process as it is, since nobody is connected. */
  told (): Promise<string>
  /** Runs once the node listens, beside it; should it fail, the node ends. */
  onListening (url: string): Promise<void>
}

/** Runs one node until it is told to end or cannot go on; the exit code. @throws ConfigError, and whatever keeps it from starting */
export async function runNode ({ config, log, version, metrics, told, onListening }: RunNodeParts): Promise<number> {
  let fail = (_: Error): void => {}
  const failed = new Promise<Error>(resolve => { fail = resolve })
  log.info({ version, node: process.version, roles: config.roles, guard: config.guard }, 'starting')
  const perch = await openPerch({ config, log, version, metrics, onFatal: fail })
  log.info({ url: perch.url }, 'listening')
  onListening(perch.url).catch(fail)
  const why = await Promise.race([told(), failed])
  if (why instanceof Error) log.fatal({ err: why }, 'cannot go on')
  else log.info({ signal: why }, 'draining')
  const late = setTimeout(() => {
    log.error({ afterMs: CLOSE_WITHIN_MS }, 'could not end in time')
    process.exit(1)
  }, CLOSE_WITHIN_MS)
  await perch.close()
  clearTimeout(late)
  log.info({}, 'ended')
  return why instanceof Error ? 1 : 0
}
