import { createCredentials } from '../../src/adapters/postgres/credentials.ts'
import { createKeys } from '../../src/adapters/postgres/keys.ts'
import { migratedPglite } from '../adapters/pglite/database.ts'
import { keysContract } from './keys.ts'

keysContract('PGlite', async t => {
  const pool = await migratedPglite(t)
  return { keys: createKeys(pool), credentials: createCredentials(pool) }
})
