import { migratedPool } from '../adapters/postgres/database.ts'
import { archiveContract } from './archive.ts'

archiveContract('Postgres', async t => await migratedPool(t))
