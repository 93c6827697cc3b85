import { migratedPglite } from '../adapters/pglite/database.ts'
import { archiveContract } from './archive.ts'

archiveContract('PGlite', async t => ({ pool: await migratedPglite(t), role: null }))
