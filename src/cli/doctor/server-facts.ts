import type { Redis } from 'ioredis'

/** What a Redis server says of itself. */
export interface ServerFacts {
  /** host:port. */
  address: string
  /** INFO, by field. */
  info: ReadonlyMap<string, string>
  /** CONFIG GET of what matters here; null where CONFIG is forbidden, as with many hosted servers. */
  settings: ReadonlyMap<string, string> | null
  /** Its clock, Unix milliseconds, and this machine's in the middle of asking. */
  time: number
  askedAt: number
}

const SETTINGS = ['appendfsync', 'min-replicas-to-write', 'repl-backlog-ttl']

/** @throws Error when it does not answer */
export async function askServer (server: Redis): Promise<ServerFacts> {
  const before = Date.now()
  const [seconds, micros] = (await server.time()).map(Number)
  const askedAt = (before + Date.now()) / 2
  return {
    address: server.options.host === undefined ? server.options.name ?? '' : `${server.options.host}:${server.options.port ?? ''}`,
    info: parseInfo(await server.info()),
    settings: await readSettings(server),
    time: (seconds ?? 0) * 1000 + (micros ?? 0) / 1000,
    askedAt
  }
}

function parseInfo (text: string): Map<string, string> {
  return new Map(text.split('\r\n').filter(line => line.includes(':')).map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

async function readSettings (server: Redis): Promise<Map<string, string> | null> {
  const settings = new Map<string, string>()
  try {
    for (const name of SETTINGS) {
      const answer = await server.call('CONFIG', 'GET', name)
      if (Array.isArray(answer) && answer.length > 1) settings.set(name, String(answer[1]))
    }
    return settings
  } catch {
    // NOPERM, or the command was renamed away.
    return null
  }
}
