import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import { makeFolder, removeFolder } from './folder.ts'
import { freePort } from './ports.ts'
import { until } from './wait.ts'

export interface RedisOptions {
  /** Further words for redis-server's command line; they win over ours. */
  args?: string[]
  /** Where its files go; made if it is missing, and then not removed. A temporary folder by default. */
  dir?: string
  /** A free one by default. */
  port?: number
  /** Keep an append-only file, fsynced as `args` say (Redis's default: each second). No by default. */
  appendonly?: boolean
  /** A configuration file, before all words. */
  config?: string
  /** Added to the environment of the process. */
  env?: Readonly<Record<string, string>>
}

export interface RedisServer {
  readonly port: number
  readonly url: string
  readonly dir: string
  /** Of the process that runs now: a restart changes it. */
  readonly pid: number
  readonly running: boolean
  /** As an operator stops it: what is in the append-only file's buffer is written. Safe to repeat. */
  stop (): Promise<void>
  /** SIGKILL. Safe to repeat. */
  kill (): Promise<void>
  /** Starts it again with the same port, folder and words; one that still runs is stopped first. */
  restart (): Promise<void>
}

/** A private redis-server on loopback that answers; gone when `t` ends. It has no snapshots, so what it keeps is in its append-only file alone. */
export async function startRedis (t: Cleanup, options: RedisOptions = {}): Promise<RedisServer> {
  const port = options.port ?? await freePort()
  const dir = options.dir ?? await makeFolder('redis')
  await mkdir(dir, { recursive: true })
  let child: Child | undefined
  const stop = async () => child?.end('SIGTERM')
  t.after(async () => {
    await stop()
    if (options.dir === undefined) await removeFolder(dir)
  })
  const words = [
    ...options.config === undefined ? [] : [options.config],
    '--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--daemonize', 'no',
    '--appendonly', options.appendonly ? 'yes' : 'no', ...options.args ?? []
  ]
  const start = async () => {
    child = await startChild('redis-server', words, { logFile: join(dir, 'redis.log'), env: { ...process.env, ...options.env } })
    await answers(child, port)
  }
  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    dir,
    get pid () { return child?.pid ?? 0 },
    get running () { return child?.running ?? false },
    stop,
    kill: async () => child?.end('SIGKILL'),
    async restart () {
      await stop()
      await start()
    }
  }
}

/** Until it has loaded its files and answers PING. @throws Error with its log when it ended instead */
async function answers (child: Child, port: number): Promise<void> {
  const look = async () => {
    if (!child.running) return 'ended'
    return await command(port, client => client.ping()) === 'PONG' ? 'answers' : undefined
  }
  if (await until(look, { what: `redis-server on port ${port} answers` }) === 'ended') {
    throw new Error(`redis-server ended at its start:\n${await child.output()}`)
  }
}

/** One exchange on a connection of its own, which is not tried again. `username`: of somebody who needs no password. */
export async function command<T> (port: number, ask: (client: Redis) => Promise<T>, username = 'default'): Promise<T> {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, enableReadyCheck: false, ...(username === 'default' ? {} : { username, password: 'none' }) })
  // The command's own promise carries the error; without a listener ioredis prints it besides.
  client.on('error', () => {})
  try {
    return await ask(client)
  } finally {
    client.disconnect()
  }
}
