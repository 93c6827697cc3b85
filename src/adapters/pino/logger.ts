import { pino, type DestinationStream, type Logger } from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = typeof LOG_LEVELS[number]

/** Causes of causes are told so deep. */
const DEEPEST_CAUSE = 4

/**
 * JSON lines. Of errors only what kind, text, code and place they are: drivers hang the values of a statement or command on theirs, and those name people. Whoever logs
 * a request or a token by mistake finds it taken out.
 */
export function pinoLogger (level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { pid: process.pid },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: (error: unknown) => errorFields(error), error: (error: unknown) => errorFields(error), req: () => undefined, res: () => undefined },
    redact: { paths: ['headers', '*.headers', 'authorization', '*.authorization', 'token', '*.token', 'badge', '*.badge', 'body', '*.body', 'person', '*.person', 'name', '*.name'], censor: '[taken out]' }
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

function errorFields (error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const causes = cause === undefined || depth === DEEPEST_CAUSE ? {} : { cause: errorFields(cause, depth + 1) }
  return { type: name, message, ...code, stack, ...causes }
}
