import { test } from 'tap'
import assert from 'node:assert/strict'
import { createArchive } from '../../../src/adapters/postgres/archive.ts'
import { createDevices } from '../../../src/adapters/postgres/devices.ts'
import { createDirectory } from '../../../src/adapters/postgres/directory.ts'
import type { Device } from '../../../src/application/devices.ts'
import { newKeyToken } from '../../../src/application/key-token.ts'
import { migratedPool } from './database.ts'

test('a device stays when whoever approved it was erased, and nobody can say any more who that was', async t => {
  const pool = await migratedPool(t)
  const [devices, directory] = [createDevices(pool), createDirectory(pool)]
  await directory.putOrg({ id: 'acme', name: 'Acme', policy: {} })
  await directory.putSite('acme', { id: 'hq', name: 'HQ', hours: { zone: 'UTC', hours: null }, policy: {} })
  const { id, hash } = newKeyToken()
  const device: Device = {
    id, org: 'acme', name: 'Lobby', role: 'kiosk', site: 'hq', floor: null, point: null, createdAt: Date.UTC(2026, 2, 2), createdBy: 'person:augusta', lastSeenAt: null, report: null
  }
  await devices.addDevice(device, hash, { at: device.createdAt, by: 'person:augusta', action: 'device-paired', person: null, what: id, detail: {} })
  assert.deepEqual(await devices.device('acme', id), device)
  await createArchive(pool).erase('acme', 'augusta')
  assert.deepEqual(await devices.device('acme', id), { ...device, createdBy: 'person' })
  const { rows } = await pool.query('select to_jsonb(d) as device from perch.devices d union all select to_jsonb(a) from perch.audit a')
  assert.doesNotMatch(JSON.stringify(rows), /augusta/)
})
