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

/** Ready when this resolves. `env` has the servers' own addresses. */
export async function startLinkedNode (t: Cleanup, env: Readonly<Record<string, string>>): Promise<LinkedNode> {
  const [redis, postgres] = await Promise.all(['REDIS_URL', 'DATABASE_URL'].map(async name => await openLink(Number(new URL(env[name] ?? '').port)))) as [Link, Link]
  t.after(async () => await Promise.all([redis.close(), postgres.close()]))
  const perch = await startPerch(t, { ...env, REDIS_URL: over(redis, env['REDIS_URL']), DATABASE_URL: over(postgres, env['DATABASE_URL']) })
  await perch.ready()
  return { perch, server: apiOf(perch), redis, postgres }
}

function over (link: Link, address = ''): string {
  const url = new URL(address)
  url.port = String(link.port)
  return url.href
}
