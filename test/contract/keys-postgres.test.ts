import { createCredentials } from '../../src/adapters/postgres/credentials.ts'
import { createKeys } from '../../src/adapters/postgres/keys.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { keysContract } from './keys.ts'

keysContract('Postgres', async t => {
  const pool = await migratedPool(t)
  return { keys: createKeys(pool), credentials: createCredentials(pool) }
})
