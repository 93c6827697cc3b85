import { readServerAddress } from '../config.ts'
import { asAdmin } from './as-admin.ts'
import type { ApiAddress } from './seed/api.ts'
import type { Terminal } from './terminal.ts'

/** For `parseArgs`: which server a command talks to. */
export const SERVER_OPTIONS = { url: { type: 'string' }, key: { type: 'string' } } as const

/** What was said, else where a server with this environment would be. A key on the command line is seen by whoever lists processes: PERCH_TOKEN is better. */
export async function serverOf ({ url, key }: { url?: string | undefined, key?: string | undefined }, terminal: Terminal): Promise<ApiAddress> {
  const known = readServerAddress(terminal.environment)
  return await asAdmin({ url: url ?? known.url, token: key ?? known.token })
}
