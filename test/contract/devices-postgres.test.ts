import { ensureServingRole } from '../../src/adapters/postgres/serving.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { devicesOn } from './devices-on.ts'
import { devicesContract } from './devices.ts'

devicesContract('Postgres', async t => {
  const pool = await migratedPool(t)
  return devicesOn(pool, await ensureServingRole(pool))
})
