import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder is in use by a process that lives. */
export class FolderInUse extends Error {
  readonly dir: string
  readonly pid: number

  constructor (dir: string, pid: number) {
    super(`${dir} is in use by process ${pid}: stop that one first, or choose another folder`)
    this.name = 'FolderInUse'
    this.dir = dir
    this.pid = pid
  }
}

/** Who holds a folder. `started` tells a process from a later one with the same pid, where the system says it (Linux); else it is empty. */
interface Holder {
  pid: number
  started: string
}

/**
 * Takes the folder for this process by a file `lock` in it; the folder is made if it is missing. What a killed process left is taken over.
 * Resolves to what gives it back. @throws FolderInUse
 */
export async function lockFolder (dir: string): Promise<() => Promise<void>> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, 'lock')
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Holder)
  // Linked into place, so that nobody ever reads a lock half written.
  const draft = join(dir, `lock-${randomUUID()}`)
  await writeFile(draft, mine)
  try {
    while (!await linked(draft, path)) await clearStale(dir, path)
  } finally {
    await rm(draft, { force: true })
  }
  return async () => { await rm(path, { force: true }) }
}

async function linked (draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Moved aside before it is removed: of two that find it stale one gets it, and the other sees that it moved a lock just taken, and puts it back. */
async function clearStale (dir: string, path: string): Promise<void> {
  const found = await read(path)
  if (found === null) return
  await refuseLiving(dir, found)
  const aside = join(dir, `lock-${randomUUID()}`)
  try {
    await rename(path, aside)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    throw error
  }
  try {
    if (await read(aside) !== found) await linked(aside, path)
  } finally {
    await rm(aside, { force: true })
  }
}

async function refuseLiving (dir: string, text: string): Promise<void> {
  const { pid, started }: Holder = JSON.parse(text)
  if (isAlive(pid) && started === await startOf(pid)) throw new FolderInUse(dir, pid)
}

function isAlive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, but is another user's.
    return isCode(error, 'EPERM')
  }
}

/** The moment a process started, in ticks since the machine did: field 22 of proc(5), counted behind the name, which may hold anything. */
async function startOf (pid: number): Promise<string> {
  const stat = await read(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

async function read (path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return null
    throw error
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code
