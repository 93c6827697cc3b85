import type { Pool } from 'pg'
import { createArchive } from '../../src/adapters/postgres/archive.ts'
import { createCredentials } from '../../src/adapters/postgres/credentials.ts'
import { createDevices } from '../../src/adapters/postgres/devices.ts'
import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import type { ServingRole } from '../../src/adapters/postgres/serving.ts'
import type { DevicesToTest } from './devices.ts'
import { written } from './written.ts'

/** Devices over a migrated database. */
export function devicesOn (pool: Pool, role: ServingRole): DevicesToTest {
  const directory = createDirectory(pool, role)
  let orgs = 0
  return {
    devices: createDevices(pool, role),
    credentials: createCredentials(pool),
    async newOrg () {
      const id = `org-${++orgs}`
      await directory.putOrg({ id, name: id, policy: {} })
      for (const site of ['hq', 'mill']) await directory.putSite(id, { id: site, name: site, hours: { zone: 'UTC', hours: null }, policy: {} })
      return id
    },
    written: written(createArchive(pool, role))
  }
}
