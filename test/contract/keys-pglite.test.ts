import { createKeys } from '../../src/adapters/postgres/keys.ts'
import { migratedPglite } from '../adapters/pglite/database.ts'
import { keysContract } from './keys.ts'

keysContract('PGlite', async t => createKeys(await migratedPglite(t)))
