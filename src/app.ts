import { pinoLogger } from './adapters/pino/logger.ts'
import type { Config } from './config.ts'
import { openPerch } from './app/perch.ts'
import { readVersion } from './app/version.ts'
import { untilToldToEnd } from './app/signals.ts'

/** Longer than a drain takes. */
const CLOSE_WITHIN_MS = 25_000

export interface ServeOptions {
  /** Runs once the node listens, beside it. */
  onListening? (url: string): Promise<void>
}

/** Runs a node until it is told to end (SIGTERM, SIGINT) or cannot go on. @throws ConfigError, and whatever keeps it from starting */
export async function serve (config: Config, { onListening }: ServeOptions = {}): Promise<void> {
  const log = pinoLogger(config.logLevel)
  const version = await readVersion()
  let fail = (_: Error): void => {}
  const failed = new Promise<Error>(resolve => { fail = resolve })
  log.info({ version, node: process.version, roles: config.roles, guard: config.guard }, 'starting')
  const perch = await openPerch({ config, log, version, onFatal: fail })
  log.info({ url: perch.url }, 'listening')
  onListening?.(perch.url).catch(fail)
  const why = await Promise.race([untilToldToEnd(), failed])
  if (why instanceof Error) log.fatal({ err: why }, 'cannot go on')
  else log.info({ signal: why }, 'draining')
  const late = setTimeout(() => {
    log.error({ afterMs: CLOSE_WITHIN_MS }, 'could not end in time')
    process.exit(1)
  }, CLOSE_WITHIN_MS)
  await perch.close()
  clearTimeout(late)
  log.info({}, 'ended')
  if (why instanceof Error) process.exitCode = 1
}
