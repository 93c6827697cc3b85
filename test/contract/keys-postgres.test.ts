import { ensureServingRole } from '../../src/adapters/postgres/serving.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { keysOn } from './keys-on.ts'
import { keysContract } from './keys.ts'

keysContract('Postgres', async t => {
  const pool = await migratedPool(t)
  return keysOn(pool, await ensureServingRole(pool))
})
