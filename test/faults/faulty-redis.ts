import { readdir, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { RedisServer } from '../harness/redis.ts'
import type { Link } from './link.ts'
import type { Inside } from './preload/preload.ts'

/** A Redis server with what can be done to it. */
export interface FaultyRedis {
  readonly redis: RedisServer
  /** Null: there is no compiler, and its clock and its disk are as they are. */
  readonly inside: Inside | null
  /** Between it and each node, or between it and everybody. */
  readonly links: readonly Link[]
}

/** SIGSTOP: connections stay open, and nobody answers. */
export function pause ({ redis }: FaultyRedis): void {
  if (redis.running) signal(redis.pid, 'SIGSTOP')
}

/** SIGCONT. Safe to repeat. */
export function resume ({ redis }: FaultyRedis): void {
  if (redis.running) signal(redis.pid, 'SIGCONT')
}

/** SIGKILL, and nothing that had not been brought to the disk is there any more. The server stays down. Gives how many bytes went. */
export async function losePower ({ redis, inside }: FaultyRedis): Promise<number> {
  if (inside === null) throw new Error('what is on the disk is not known without the preloaded library')
  await redis.kill()
  const folder = join(redis.dir, 'appendonlydir')
  let lost = 0
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { ino, size } = await stat(path)
    const kept = await inside.synced(ino)
    if (kept >= size) continue
    lost += size - kept
    await truncate(path, kept)
  }
  return lost
}

/** One that has ended meanwhile needs none. */
export function signal (pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
