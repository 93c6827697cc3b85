import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cleanup } from './cleanup.ts'

/** A new empty folder, removed with all it holds when `t` ends. `name` is for people who look into the temporary folder. */
export async function temporaryFolder (t: Cleanup, name: string): Promise<string> {
  const folder = await makeFolder(name)
  t.after(() => removeFolder(folder))
  return folder
}

/** One that its maker removes, after what writes there has ended. */
export async function makeFolder (name: string): Promise<string> {
  return await mkdtemp(join(tmpdir(), `perch-${name}-`))
}

/** Tries again for a while, since a server that was just killed may still be writing its last file there. */
export async function removeFolder (folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
