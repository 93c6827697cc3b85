import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where Debian keeps a folder per major version. */
const debian = '/usr/lib/postgresql'
const oldest = 15

/** The folder with initdb and postgres: PG_BIN, or Debian's newest from 15 on. @throws Error that says what to install */
export function postgresBinaries (): string {
  const given = process.env['PG_BIN']
  if (given !== undefined) return given
  const versions = existsSync(debian) ? readdirSync(debian).map(Number).filter(version => version >= oldest) : []
  const newest = versions.sort((a, b) => b - a).map(version => join(debian, String(version), 'bin')).find(bin => existsSync(join(bin, 'initdb')))
  if (newest === undefined) throw new Error(`PostgreSQL ${oldest} or newer is not in ${debian}: install Debian's postgresql, or set PG_BIN`)
  return newest
}

/** Postgres refuses to run as root. Root runs it as Debian's user postgres, everybody else as themselves. */
export function postgresUser (): { uid: number, gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (what: string) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
