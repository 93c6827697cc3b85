import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { ensureServingRole } from '../../src/adapters/postgres/serving.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { directoryContract } from './directory.ts'

directoryContract('Postgres', async t => {
  const pool = await migratedPool(t)
  return createDirectory(pool, await ensureServingRole(pool))
})
