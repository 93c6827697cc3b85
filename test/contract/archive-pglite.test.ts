import { migratedPglite } from '../adapters/pglite/database.ts'
import { archiveContract } from './archive.ts'

archiveContract('PGlite', async t => await migratedPglite(t))
