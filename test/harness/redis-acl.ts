import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cleanup } from './cleanup.ts'
import { temporaryFolder } from './folder.ts'
import { startRedis } from './redis.ts'
import type { RedisOptions, RedisServer } from './redis.ts'

/** What an installation includes in its redis.conf. */
export const ACL_FILE = fileURLToPath(new URL('../../docs/redis-acl.conf', import.meta.url))

export type AclUser = 'edge' | 'keeper' | 'doctor' | 'lock'

export interface GuardedRedis {
  server: RedisServer
  /** Its address, as that user logs in. */
  as (user: AclUser): string
}

/** A file of a server's own with those users, and `default`. */
export async function usersFile (t: Cleanup): Promise<string> {
  const config = join(await temporaryFolder(t, 'acl'), 'users.conf')
  await writeFile(config, (await readFile(ACL_FILE, 'utf8')).replace('user default off\n', ''))
  return config
}

/** A private Redis with those users. Whoever gives no name may do everything, unlike there: that is how tests look behind the scenes. */
export async function startRedisWithUsers (t: Cleanup, options: RedisOptions = {}): Promise<GuardedRedis> {
  const server = await startRedis(t, { ...options, config: await usersFile(t) })
  return { server, as: user => `redis://perch-${user}:change-me-${user}@127.0.0.1:${server.port}` }
}
