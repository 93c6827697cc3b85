import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { migratedPool } from '../adapters/postgres/database.ts'
import { directoryContract } from './directory.ts'

directoryContract('Postgres', async t => createDirectory(await migratedPool(t)))
