import { migratedPglite } from '../adapters/pglite/database.ts'
import { keysOn } from './keys-on.ts'
import { keysContract } from './keys.ts'

keysContract('PGlite', async t => keysOn(await migratedPglite(t), null))
