import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { createLedger } from '../../src/adapters/postgres/ledger.ts'
import { ensureServingRole } from '../../src/adapters/postgres/serving.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { ledgerContract } from './ledger.ts'

ledgerContract('Postgres', async t => {
  const pool = await migratedPool(t)
  const role = await ensureServingRole(pool)
  return { ledger: createLedger(pool, { role }), directory: createDirectory(pool, role) }
})
