import { askApi } from '../../src/cli/seed/api.ts'
import { ADMIN_KEY, putAdminKey } from '../../test/harness/admin-key.ts'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import { freePort } from '../../test/harness/ports.ts'
import { startPostgres } from '../../test/harness/postgres.ts'
import { startPerch } from '../../test/harness/process.ts'
import { startRedis } from '../../test/harness/redis.ts'
import type { Contender } from './contender.ts'
import { pin, SERVER_CORE } from './pin.ts'

const DESKS_PER_ROW = 25

export interface PerchFloors {
  /** How many. */
  floors: number
  /** On each. */
  spaces: number
  /** With Node's inspector. */
  inspected?: boolean
}

export interface PerchContender extends Contender {
  url: string
  redisPort: number
  source: Extract<Contender['source'], { type: 'perch' }>
}

/** The real program, one node that does everything, with a Redis that keeps what it says (fsync always) and a Postgres. */
export async function perchNode (t: Cleanup, { floors, spaces, inspected = false }: PerchFloors): Promise<PerchContender> {
  const [redis, postgres] = await Promise.all([startRedis(t, { appendonly: true, args: ['--appendfsync', 'always'] }), startPostgres(t)])
  const inspector = inspected ? await freePort() : null
  const nodeArgs = inspector === null ? [] : [`--inspect=${inspector}`]
  await putAdminKey(postgres.url)
  const { url, pid } = await startPerch(t, { env: { SECRET: 'bench-secret-0123456789', REDIS_URL: redis.url, DATABASE_URL: postgres.url, LOG_LEVEL: 'info' }, nodeArgs })
  pin(pid, SERVER_CORE)
  const made = Array.from({ length: floors }, (_, f) => benchFloor(`hq-${f}`, spaces))
  const put = async (path: string, body: unknown) => await askApi({ url, token: ADMIN_KEY }, 'PUT', path, body)
  await put('/v1/org', { name: 'Bench' })
  await put('/v1/sites/hq', { name: 'HQ', zone: 'Europe/Zurich' })
  for (const floor of made) await putFloor(url, floor)
  const { hostname, port } = new URL(url)
  return {
    name: 'Perch',
    pid,
    url,
    redisPort: redis.port,
    ...(inspector !== null && { inspector }),
    target: { dialect: 'perch', host: hostname, port: Number(port), floors: made.map(({ id }) => id) },
    source: { type: 'perch', url, floors: made }
  }
}

export interface BenchFloor {
  id: string
  spaces: readonly string[]
}

/** `zones`: their ids, in each of which are as many spaces as in the others. */
export async function putFloor (url: string, floor: BenchFloor, zones: readonly string[] = []): Promise<void> {
  await askApi({ url, token: ADMIN_KEY }, 'PUT', `/v1/floors/${floor.id}`, floorBody(floor, floor.id, zones))
}

export function floorBody ({ spaces }: BenchFloor, name: string, zones: readonly string[] = []): unknown {
  const features = spaces.map((space, d) => {
    const [x, y] = [2 * (d % DESKS_PER_ROW), 2 * Math.floor(d / DESKS_PER_ROW)]
    return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 1.6, y], [x + 1.6, y + 0.8], [x, y + 0.8], [x, y]]] }, properties: { space } }
  })
  return {
    site: 'hq',
    name,
    level: 0,
    zones: zones.map(zone => ({ id: zone, name: zone })),
    spaces: spaces.map((space, d) => ({ id: space, label: `D${d}`, kind: 'desk', zone: zones[d % zones.length] ?? null })),
    plan: { type: 'FeatureCollection', features }
  }
}

export function benchFloor (id: string, spaces: number): BenchFloor {
  return { id, spaces: Array.from({ length: spaces }, (_, d) => `${id}-d${d}`) }
}
