import type { Pool } from 'pg'
import { createArchive } from '../../src/adapters/postgres/archive.ts'
import { createCredentials } from '../../src/adapters/postgres/credentials.ts'
import { createKeys } from '../../src/adapters/postgres/keys.ts'
import type { ServingRole } from '../../src/adapters/postgres/serving.ts'
import type { KeysToTest } from './keys.ts'
import { written } from './written.ts'

/** Keys over a migrated database. */
export function keysOn (pool: Pool, role: ServingRole): KeysToTest {
  return { keys: createKeys(pool, role), credentials: createCredentials(pool), written: written(createArchive(pool, role)) }
}
