import { once } from 'node:events'
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { PoolOptions } from '../postgres/pool.ts'
import { lockFolder } from './lock.ts'
import type { Stage, WorkerData } from './worker.ts'

export interface PgliteOptions {
  /** Holds all there is; made if it is missing. */
  dir: string
  /** The first start takes up to ten seconds: say so. */
  onProgress: (stage: Stage) => void
  /** The database ended by itself, after it had been ready; nothing can be stored any more. What was answered as committed is on disk. */
  onFailure: (error: Error) => void
}

export interface Pglite {
  /** For `openPool`: one connection, so transactions have to be short. */
  pool: Pick<PoolOptions, 'connection' | 'max' | 'oneSession' | 'connectTimeoutMs'>
  /** Writes all to the data folder and gives it back; the pool has to be ended before. */
  close (): Promise<void>
}

/** The address of a Unix socket takes at most this many bytes on Linux and macOS. */
const LONGEST_PATH = 103
const SOCKET = '.s.PGSQL.5432'

/** A caller waits for the one connection until those before it are done. */
const CONNECT_TIMEOUT_MS = 30_000

/**
 * Runs PGlite in a worker of its own, behind a Unix socket that only this user can reach: it asks for no password. A commit that was answered outlives kill -9, but with
 * fsync off not a power loss.
 * @throws FolderInUse when another process has the folder
 */
export async function openPglite ({ dir, onProgress, onFailure }: PgliteOptions): Promise<Pglite> {
  const unlock = await lockFolder(resolve(dir))
  const room = await socketFolder(resolve(dir))
  const release = async (): Promise<void> => {
    await rm(room, { recursive: true, force: true })
    await unlock()
  }
  try {
    const worker = await start({ data: join(resolve(dir), 'data'), complete: join(resolve(dir), 'complete'), socket: join(room, SOCKET) }, onProgress)
    const failed = (error: Error): void => onFailure(error)
    const exited = (code: number): void => onFailure(new Error(`PGlite ended with code ${code}`))
    worker.on('error', failed)
    worker.on('exit', exited)
    return {
      pool: { connection: { host: room, port: 5432, user: 'postgres', database: 'postgres' }, max: 1, oneSession: true, connectTimeoutMs: CONNECT_TIMEOUT_MS },
      close: async () => {
        worker.off('exit', exited)
        const gone = once(worker, 'exit')
        worker.postMessage('close')
        await gone
        await release()
      }
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** Resolves when it is ready; rejects when it ended before. */
async function start (data: WorkerData, onProgress: (stage: Stage) => void): Promise<Worker> {
  const worker = spawn(data)
  worker.on('message', onProgress)
  await new Promise<void>((resolve, reject) => {
    worker.on('message', (stage: Stage) => { if (stage === 'ready') resolve() })
    worker.on('error', reject)
    worker.on('exit', code => reject(new Error(`PGlite ended with code ${code} while it started`)))
  })
  return worker
}

/** Run from its source, a worker of Node 20 does not inherit tsx, which has to be registered in it first. */
function spawn (workerData: WorkerData): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url), { workerData })
  const [loader, source] = [import.meta.resolve('tsx/esm/api'), new URL('./worker.ts', import.meta.url).href].map(url => JSON.stringify(url))
  return new Worker(`import(${loader}).then(({ register }) => { register(); return import(${source}) })`, { eval: true, workerData })
}

async function socketFolder (dir: string): Promise<string> {
  const inside = join(dir, 'socket')
  if (Buffer.byteLength(join(inside, SOCKET)) > LONGEST_PATH) return await mkdtemp(join(tmpdir(), 'perch-'))
  await mkdir(inside, { recursive: true, mode: 0o700 })
  return inside
}
