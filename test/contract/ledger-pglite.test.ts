import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { createLedger } from '../../src/adapters/postgres/ledger.ts'
import { migratedPglite } from '../adapters/pglite/database.ts'
import { ledgerContract } from './ledger.ts'

ledgerContract('PGlite', async t => {
  const pool = await migratedPglite(t)
  return { ledger: createLedger(pool), directory: createDirectory(pool) }
})
