import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import { makeFolder, removeFolder } from './folder.ts'
import { freePort } from './ports.ts'
import { postgresBinaries, postgresUser } from './postgres-binaries.ts'
import { copyTemplate } from './postgres-template.ts'
import { until } from './wait.ts'

const run = promisify(execFile)

export interface PostgresOptions {
  /** postgresql.conf by name. fsync is on as in life; `{ fsync: 'off' }` is quicker where durability is not the question. */
  settings?: Record<string, string>
  /** The primary whose hot standby this one is, under the name `standby`; else a server of its own. */
  standbyOf?: PostgresServer
}

export interface PostgresServer {
  /** Of the database `postgres`, as its superuser without a password. */
  readonly url: string
  readonly port: number
  /** The cluster's data folder. */
  readonly dir: string
  /** Of the postmaster that runs now: a restart changes it. */
  readonly pid: number
  readonly running: boolean
  /** Fast shutdown: open transactions are rolled back, the rest is written. Safe to repeat. */
  stop (): Promise<void>
  /** SIGKILL to the postmaster and all its backends at once. Safe to repeat. */
  kill (): Promise<void>
  /** SIGSTOP to all of it; its connections stay open, and nobody answers. */
  pause (): Promise<void>
  /** Goes on where it was paused. */
  resume (): Promise<void>
  /** Starts it again with the same port, files and settings; one that still runs is stopped first. */
  restart (): Promise<void>
  /** Let this process end while the server runs. */
  unref (): void
}

/** A private Postgres on loopback and a socket in its own folder, trusting everyone there; gone when `t` ends. */
export async function startPostgres (t: Cleanup, options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = postgresBinaries()
  const user = postgresUser()
  const port = await freePort()
  const folder = await makeFolder('postgres')
  if (user) await chown(folder, user.uid, user.gid)
  const dir = join(folder, 'data')
  let child: Child | undefined
  const stop = async () => child?.end('SIGINT')
  t.after(async () => {
    await stop()
    await removeInterlock(dir)
    await removeFolder(folder)
  })
  if (options.standbyOf === undefined) await copyTemplate(bin, dir)
  else await copyPrimary(bin, options.standbyOf, dir, user)
  await chmod(dir, 0o700)
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    // In files of the data folder: in /dev/shm a killed server would leave them behind.
    dynamic_shared_memory_type: 'mmap',
    ...options.settings
  }
  const words = ['-D', dir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const start = async () => {
    child = await startChild(join(bin, 'postgres'), words, {
      logFile: join(folder, 'postgres.log'), cwd: folder, orphanSignal: 'SIGQUIT', ...(user && { user })
    })
    await answers(child, url)
  }
  await start()
  return {
    url,
    port,
    dir,
    get pid () { return child?.pid ?? 0 },
    get running () { return child?.running ?? false },
    stop,
    kill: async () => child && await killAll(child),
    pause: async () => { if (child) for (const pid of await holdAll(child)) process.kill(pid, 'SIGSTOP') },
    resume: async () => { if (child?.running) for (const pid of [...await backendsOf(child), child.pid]) process.kill(pid, 'SIGCONT') },
    async restart () {
      await stop()
      await start()
    },
    unref: () => child?.unref()
  }
}

/** @throws Error with its log when it ended in place of answering */
async function answers (child: Child, url: string): Promise<void> {
  const look = async () => {
    if (!child.running) return 'ended'
    await query(url, 'select 1')
    return 'answers'
  }
  // A killed server with much to replay takes its time.
  if (await until(look, { what: `postgres answers at ${url}`, withinMs: 30_000 }) === 'ended') {
    throw new Error(`postgres ended at its start:\n${await child.output()}`)
  }
}

/** One statement on a connection of its own. */
export async function query (url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url })
  // The statement's own promise carries the error; without a listener a lost connection ends the process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** A copy of the primary's files that follows it. */
async function copyPrimary (bin: string, { port }: PostgresServer, dir: string, user: ReturnType<typeof postgresUser>): Promise<void> {
  const primary = `host=127.0.0.1 port=${port} user=postgres application_name=standby`
  await run(join(bin, 'pg_basebackup'), ['--dbname', primary, '--pgdata', dir, '--write-recovery-conf', '--wal-method=stream', '--checkpoint=fast', '--no-sync'], { cwd: tmpdir(), ...user })
}

async function backendsOf ({ pid }: Child): Promise<number[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').map(Number).filter(Boolean)
}

/** Each backend is a session of its own, so there is no group to signal: the postmaster is held still while its children are listed. */
async function holdAll (child: Child): Promise<number[]> {
  process.kill(child.pid, 'SIGSTOP')
  return await backendsOf(child)
}

async function killAll (child: Child): Promise<void> {
  if (!child.running) return
  const children = await holdAll(child)
  for (const pid of children) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself in the meantime.
    }
  }
  await child.end('SIGKILL')
  // One that has still to go holds the shared memory, and a server that is started again refuses to.
  await until(async () => (await Promise.all(children.map(isGone))).every(Boolean), { what: 'the backends that were killed are gone' })
}

/** Its memory, too: a zombie has none. */
async function isGone (pid: number): Promise<boolean> {
  return await readFile(`/proc/${pid}/stat`, 'utf8').then(stat => / [ZX] /.test(stat.slice(stat.lastIndexOf(')'))), () => true)
}

/**
 * Postgres holds a few bytes of System V shared memory, which outlive one that was killed; postmaster.pid names them in its
 * seventh line. A server that was stopped has removed both.
 */
async function removeInterlock (dir: string): Promise<void> {
  const lines = await readFile(join(dir, 'postmaster.pid'), 'utf8').then(text => text.split('\n'), () => [])
  const id = lines[6]?.trim().split(/\s+/)[1]
  if (id !== undefined) await run('ipcrm', ['--shmem-id', id])
}

/** A new empty database on a running server, dropped when `t` ends; its URL. */
export async function freshDatabase (t: Cleanup, server: PostgresServer): Promise<string> {
  const name = `perch_${randomBytes(6).toString('hex')}`
  await query(server.url, `create database ${name}`)
  t.after(async () => {
    if (server.running) await query(server.url, `drop database ${name} with (force)`)
  })
  return new URL(`/${name}`, server.url).href
}
