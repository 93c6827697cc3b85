import { createKeys } from '../../src/adapters/postgres/keys.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { keysContract } from './keys.ts'

keysContract('Postgres', async t => createKeys(await migratedPool(t)))
