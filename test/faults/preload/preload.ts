import { execFile } from 'node:child_process'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Cleanup } from '../../harness/cleanup.ts'
import { temporaryFolder } from '../../harness/folder.ts'

const run = promisify(execFile)
const SOURCE = fileURLToPath(new URL('preload.c', import.meta.url))
const BYTES = 4_096
const NOTE_BYTES = 16

/** A process that was started with `env` can be told that it is another time, and asked what it has on the disk. */
export interface Inside {
  /** To be added to its environment. */
  readonly env: Readonly<Record<string, string>>
  /** How far its wall clock is off from now on; 0 is right. Its monotonic clock is not touched. */
  setClock (offMs: number): Promise<void>
  /** How much of a file a loss of power would leave, in bytes: what was there at its last fsync. 0: it was never synced. */
  synced (inode: number): Promise<number>
}

/** The library is there: processes can be started with it. */
export interface Preload {
  /** A place in a process that is about to be started. It is for one process at a time, which may be started again. */
  openInside (t: Cleanup): Promise<Inside>
}

/** Makes the library of its source, for as long as `t` lives. Null: this machine has no C compiler, and what is done from within cannot be done. */
export async function compilePreload (t: Cleanup): Promise<Preload | null> {
  const library = join(await temporaryFolder(t, 'preload'), 'preload.so')
  try {
    await run('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-Werror', '-o', library, SOURCE])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return { openInside: async t => await openInside(t, library) }
}

async function openInside (t: Cleanup, library: string): Promise<Inside> {
  const folder = await temporaryFolder(t, 'inside')
  const path = join(folder, 'control')
  const control = await open(path, 'w+')
  t.after(async () => { await control.close() })
  await control.truncate(BYTES)
  return {
    env: { LD_PRELOAD: library, FAULTS_CONTROL: path },
    async setClock (offMs) {
      const off = Buffer.alloc(8)
      off.writeBigInt64LE(BigInt(Math.round(offMs * 1_000_000)))
      await control.write(off, 0, off.length, 0)
    },
    synced: async inode => await syncedOf(control, inode)
  }
}

async function syncedOf (control: FileHandle, inode: number): Promise<number> {
  const { buffer } = await control.read(Buffer.alloc(BYTES), 0, BYTES, 0)
  for (let at = NOTE_BYTES; at < BYTES; at += NOTE_BYTES) {
    if (buffer.readBigUInt64LE(at) === BigInt(inode)) return Number(buffer.readBigUInt64LE(at + 8))
  }
  return 0
}
