import type { ApiAddress } from '../../../src/cli/seed/api.ts'
import { apiOf } from '../../e2e/installation.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { startPerch, type RunningPerch } from '../../harness/perch.ts'
import { openLink, type Link } from '../link.ts'

/** A node that reaches its servers over links of its own, so that one side may hear what the other does not. */
export interface LinkedNode {
  perch: RunningPerch
  /** Its API, past every link. */
  server: ApiAddress
  redis: Link
  postgres: Link
}

/** Ready when this resolves. `env` has the servers' own addresses. What Sentinel or Cluster names is gone to straight: then nothing goes over the link to Redis. */
export async function startLinkedNode (t: Cleanup, env: Readonly<Record<string, string>>): Promise<LinkedNode> {
  const [redis, postgres] = await Promise.all([linked(t, env['REDIS_URL']), linked(t, env['DATABASE_URL'])])
  const perch = await startPerch(t, { ...env, REDIS_URL: redis.url, DATABASE_URL: postgres.url })
  await perch.ready()
  return { perch, server: apiOf(perch), redis: redis.link, postgres: postgres.link }
}

async function linked (t: Cleanup, address = ''): Promise<{ link: Link, url: string }> {
  const [, scheme, port] = /^([^:]+):.*?:(\d+)[,/]?/.exec(address) ?? []
  const link = await openLink(Number(port))
  t.after(async () => { await link.close() })
  return { link, url: scheme?.includes('+') ? address : address.replace(`:${String(port)}`, `:${link.port}`) }
}
