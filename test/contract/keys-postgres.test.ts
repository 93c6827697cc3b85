import { createCredentials } from '../../src/adapters/postgres/credentials.ts'
import { createKeys } from '../../src/adapters/postgres/keys.ts'
import { ensureServingRole } from '../../src/adapters/postgres/serving.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { keysContract } from './keys.ts'

keysContract('Postgres', async t => {
  const pool = await migratedPool(t)
  return { keys: createKeys(pool, await ensureServingRole(pool)), credentials: createCredentials(pool) }
})
