import { createHash } from 'node:crypto'
import { createKeys } from '../../src/adapters/postgres/keys.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { openPool } from '../../src/adapters/postgres/pool.ts'
import { noteThat } from '../stand-ins/notes.ts'

const [ID, SECRET] = ['0'.repeat(16), 'tests-and-benchmarks-'.padEnd(43, 'x')]

/** Of the admin of `demo`, in every database that `putAdminKey` was given. */
export const ADMIN_KEY = `perch_${ID}_${SECRET}`

/** Puts the admin's key straight into a database, which may be empty: before the first node there is nobody to ask for one. */
export async function putAdminKey (database: string): Promise<void> {
  const pool = openPool({ connection: database, max: 1, statementTimeoutMs: 30_000, onError: () => {} })
  try {
    await migrate(pool)
    const hash = createHash('sha256').update(SECRET).digest('hex')
    await createKeys(pool).addKey({ id: ID, org: 'demo', name: 'admin', role: 'admin', site: null, hash, createdAt: Date.now(), expiresAt: null, lastUsedAt: null }, noteThat('key-made', 'admin'))
  } finally {
    await pool.end()
  }
}
