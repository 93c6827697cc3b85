import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import type { PolicyBody } from '../../src/protocol/policy.ts'
import { ADMIN_KEY, putAdminKey } from '../harness/admin-key.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rowOfDesks } from '../harness/core.ts'
import { startPerch, type RunningPerch } from '../harness/perch.ts'
import { freshDatabase } from '../harness/postgres.ts'
import { startRedis, type RedisOptions, type RedisServer } from '../harness/redis.ts'
import { sharedPostgres } from '../harness/shared-postgres.ts'

export { ADMIN_KEY }

/** A Redis and a database of its own, and the environment of nodes that use them. */
export interface Backends {
  redis: RedisServer
  env: Record<string, string>
}

export async function openBackends (t: Cleanup, options: RedisOptions = {}): Promise<Backends> {
  const [redis, database] = await Promise.all([startRedis(t, options), sharedPostgres().then(async server => await freshDatabase(t, server))])
  await putAdminKey(database)
  return { redis, env: { SECRET: 'the-secret-of-these-tests', REDIS_URL: redis.url, DATABASE_URL: database } }
}

/** So many nodes, all of them ready. */
export async function startNodes (t: Cleanup, count: number, env: Record<string, string>): Promise<RunningPerch[]> {
  const nodes = await Promise.all(Array.from({ length: count }, async () => await startPerch(t, env)))
  await Promise.all(nodes.map(async node => await node.ready()))
  return nodes
}

/** A node's API with the admin's key. */
export function apiOf ({ url }: { url: string }): ApiAddress {
  return { url, token: ADMIN_KEY }
}

export interface OfficeOptions {
  /** Desks by floor. */
  floors: Readonly<Record<string, number>>
  /** p0 to p<n - 1>. */
  people: number
  policy?: PolicyBody
}

/** A site in UTC that is always open, floors of desks `<floor>-d<n>`, and people, all over the public API. */
export async function putOffice (server: ApiAddress, { floors, people, policy = {} }: OfficeOptions): Promise<void> {
  await askApi(server, 'PUT', '/v1/org', { name: 'Demo' })
  await askApi(server, 'PUT', '/v1/sites/hq', { name: 'HQ', zone: 'UTC', policy })
  await askApi(server, 'PUT', '/v1/people', { people: Array.from({ length: people }, (_, i) => ({ id: `p${i}`, name: `Person ${i}` })) })
  for (const [floor, desks] of Object.entries(floors)) await askApi(server, 'PUT', `/v1/floors/${floor}`, rowOfDesks(floor, desks))
}

/** Every desk of such floors. */
export function desksOf (floors: Readonly<Record<string, number>>): string[] {
  return Object.entries(floors).flatMap(([floor, count]) => Array.from({ length: count }, (_, i) => `${floor}-d${i}`))
}

/** A moment so many minutes from now, as the wire has it. */
export function inMinutes (minutes: number): string {
  return `${new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 19)}Z`
}
