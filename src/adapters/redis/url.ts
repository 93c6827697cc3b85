/** Where Redis is. `db` is always 0 in Cluster. Credentials are undefined where the URL names none. */
export type Target =
  | { kind: 'single', node: Node, db: number } & Access
  | { kind: 'sentinel', nodes: readonly Node[], name: string, db: number, atSentinels: Credentials } & Access
  | { kind: 'cluster', nodes: readonly Node[] } & Access

export interface Node {
  host: string
  port: number
}

interface Credentials {
  username: string | undefined
  password: string | undefined
}

interface Access extends Credentials {
  tls: boolean
}

const FORM = /^(?<scheme>redis|rediss)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<nodes>[^/@]+)(?:\/(?<path>[^?]*)(?:\?(?<query>.*))?)?$/
/** Who a node is to the sentinels. */
const AT_SENTINELS = /^sentinels=(?<user>[^:@/&]*)(?::(?<password>[^@/&]*))?$/
const PORT = 6379
const SENTINEL_PORT = 26379

/**
 * Reads `redis://[user:password@]host:port/db`, `redis+sentinel://…@h1:p1,h2:p2/mastername[/db]` and `redis+cluster://…@h1:p1,h2:p2`; `rediss` for TLS.
 * Credentials are percent-encoded and are those of the servers; those of the sentinels stand at the end, `/mastername?sentinels=user:password`, or `:password` alone.
 * @throws Error that names the form, never the URL: it may hold a password
 */
export function parseRedisUrl (url: string): Target {
  const parts = FORM.exec(url)?.groups
  if (parts === undefined) throw new Error('a Redis URL is redis://host:port/db, redis+sentinel://h1:p1,h2:p2/mastername or redis+cluster://h1:p1,h2:p2 (rediss for TLS)')
  const query = parts['query'] ?? ''
  const access: Access = {
    tls: parts['scheme'] === 'rediss',
    username: decoded(parts['user']),
    password: decoded(parts['password'])
  }
  const path = (parts['path'] ?? '').split('/')
  const kind = parts['kind']
  const nodes = (parts['nodes'] ?? '').split(',').map(node => parseNode(node, kind === 'sentinel' ? SENTINEL_PORT : PORT))
  const asked = AT_SENTINELS.exec(query)?.groups
  if (query !== '' && (kind !== 'sentinel' || asked === undefined)) throw new Error('a Redis URL ends with its path, and one of Sentinel may with ?sentinels=user:password, percent-encoded')
  if (kind === 'cluster') return { kind, nodes, ...access }
  if (kind === 'sentinel') {
    const [name, db] = path
    if (name === undefined || name === '') throw new Error('a Redis Sentinel URL ends with the master\'s name: redis+sentinel://h1:p1,h2:p2/mastername')
    return { kind, nodes, name: decodeURIComponent(name), db: parseDb(db), atSentinels: { username: decoded(asked?.['user']), password: decoded(asked?.['password']) }, ...access }
  }
  const [node, second] = nodes
  if (node === undefined || second !== undefined) throw new Error('a redis:// URL names one server; use redis+sentinel:// or redis+cluster:// for several')
  return { kind: 'single', node, db: parseDb(path[0]), ...access }
}

function decoded (text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : decodeURIComponent(text)
}

/** `host`, `host:port`, `[ipv6]` or `[ipv6]:port`. */
function parseNode (text: string, defaultPort: number): Node {
  const [, bracketed, host = bracketed, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  if (host === undefined) throw new Error('a Redis URL has a server that is not host:port')
  const number = port === undefined ? defaultPort : Number(port)
  if (number < 1 || number > 65_535) throw new Error('a Redis URL has a port that is not between 1 and 65535')
  return { host, port: number }
}

function parseDb (text: string | undefined): number {
  if (text === undefined || text === '') return 0
  if (!/^\d{1,5}$/.test(text)) throw new Error('a Redis URL has a database that is not a number')
  return Number(text)
}
