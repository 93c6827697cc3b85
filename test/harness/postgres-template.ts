import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdtemp, rename, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { removeFolder } from './folder.ts'
import { postgresUser } from './postgres-binaries.ts'

const run = promisify(execFile)

/**
 * Copies a fresh cluster's files into `target`, which must not exist. initdb takes a second, a copy a tenth of one: the first
 * caller of a version and user makes the template in the temporary folder, and all later ones, in any process, copy it.
 */
export async function copyTemplate (bin: string, target: string): Promise<void> {
  await run('cp', ['-a', '--reflink=auto', await template(bin), target])
}

async function template (bin: string): Promise<string> {
  const user = postgresUser()
  const uid = user?.uid ?? process.getuid?.() ?? 0
  const { stdout } = await run(join(bin, 'postgres'), ['--version'])
  const version = /\d[\w.]*/.exec(stdout)?.[0] ?? 'unknown'
  const path = join(tmpdir(), `perch-initdb-${version}-${uid}`)
  if (!existsSync(path)) await make(bin, path, user)
  // Somebody else's files in a folder that all may write to are not to be run.
  if ((await stat(path)).uid !== uid) throw new Error(`${path} belongs to another user: remove it`)
  return path
}

async function make (bin: string, path: string, user: ReturnType<typeof postgresUser>): Promise<void> {
  const draft = await mkdtemp(`${path}-`)
  if (user) await chown(draft, user.uid, user.gid)
  await chmod(draft, 0o700)
  // tmpdir as working folder: root's own is closed to the user postgres, and initdb wants to come back to where it began.
  await run(join(bin, 'initdb'), [
    '--pgdata', draft, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync', '--no-instructions'
  ], { cwd: tmpdir(), ...user })
  try {
    await rename(draft, path)
  } catch (error) {
    // Another process was quicker: its template is as good.
    await removeFolder(draft)
    if (!existsSync(path)) throw error
  }
}
