import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { createLedger } from '../../src/adapters/postgres/ledger.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { ledgerContract } from './ledger.ts'

ledgerContract('Postgres', async t => {
  const pool = await migratedPool(t)
  return { ledger: createLedger(pool), directory: createDirectory(pool) }
})
