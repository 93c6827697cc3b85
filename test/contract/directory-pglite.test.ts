import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { migratedPglite } from '../adapters/pglite/database.ts'
import { directoryContract } from './directory.ts'

directoryContract('PGlite', async t => createDirectory(await migratedPglite(t)))
