import { ensureServingRole } from '../../src/adapters/postgres/serving.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { archiveContract } from './archive.ts'

archiveContract('Postgres', async t => {
  const pool = await migratedPool(t)
  return { pool, role: await ensureServingRole(pool) }
})
