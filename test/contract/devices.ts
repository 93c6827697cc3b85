import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Credentials } from '../../src/application/credentials.ts'
import { SEEN_GRAIN_MS, type Device, type Devices } from '../../src/application/devices.ts'
import { newKeyId, newKeyToken } from '../../src/application/key-token.ts'
import { MINUTE } from '../../src/domain/time.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { noteThat } from '../stand-ins/notes.ts'

interface Test extends Cleanup {
  test (name: string, run: (t: Test) => Promise<void>): Promise<unknown>
}

export interface DevicesToTest {
  devices: Devices
  credentials: Credentials
  /** An org with the sites hq and mill. */
  newOrg (): Promise<string>
  /** What was written down of the org's devices, oldest first. */
  written (org: string): Promise<Array<{ action: string, what: string | null }>>
}

/** A whole minute. */
const NOW = Date.UTC(2026, 2, 2, 8)

function deviceOf (org: string, name: string, other: Partial<Device> = {}): Device {
  return { id: newKeyId(), org, name, role: 'display', site: 'hq', floor: null, point: null, createdAt: NOW, createdBy: 'key:admin', lastSeenAt: null, report: null, ...other }
}

/** What the comments on Devices in application/devices.ts promise, and those on Credentials of what is a device, of the implementation that `open` makes. */
export function devicesContract (name: string, open: (t: Cleanup) => Promise<DevicesToTest>): void {
  test(`devices in ${name} keep the contract`, async (t: Test) => {
    const { devices, credentials, newOrg, written } = await open(t)
    const add = async (device: Device, hash = newKeyToken().hash) => await devices.addDevice(device, hash, noteThat('device-paired', device.id))

    await t.test('a device is there as it was added, by its id, among those of its org and of its site, and as what its token stands for', async () => {
      const [org, other] = [await newOrg(), await newOrg()]
      const [lobby, door] = [deviceOf(org, 'Lobby', { role: 'kiosk', floor: 'f1', point: [1.5, -2], createdBy: 'person:ada' }), deviceOf(org, 'Door', { site: 'mill' })]
      const { hash } = newKeyToken()
      assert.equal(await add(lobby, hash), true)
      for (const device of [door, deviceOf(other, 'Lobby')]) assert.equal(await add(device), true)
      assert.deepEqual(await devices.device(org, lobby.id), lobby)
      assert.deepEqual(await devices.devices(org, null), [door, lobby])
      assert.deepEqual(await devices.devices(org, 'hq'), [lobby])
      assert.deepEqual(await credentials.credential(lobby.id, NOW), {
        id: lobby.id, org, principal: `device:${lobby.id}`, role: 'kiosk', site: 'hq', hash, expiresAt: null, lastUsedAt: null, usedGrainMs: SEEN_GRAIN_MS
      })
      assert.deepEqual([await devices.device(other, lobby.id), await devices.device(org, newKeyId()), await devices.devices('nobody', null)], [null, null, []])
    })

    await t.test('an id is paired once: of all who try one has it, and nobody after it was cut off', async () => {
      const org = await newOrg()
      const device = deviceOf(org, 'Lobby')
      const tries = await Promise.all(Array.from({ length: 5 }, async () => await add(device)))
      assert.deepEqual(tries.filter(Boolean), [true])
      await devices.cutOffDevice(org, device.id, NOW, noteThat('device-cut-off', device.id))
      assert.equal(await add(device), false)
      assert.equal(await add({ ...device, org: await newOrg() }), false)
      assert.deepEqual(await devices.devices(org, null), [])
    })

    await t.test('a device that was cut off is no more, for anything that asks; and nobody of another org cuts it off', async () => {
      const [org, other] = [await newOrg(), await newOrg()]
      const [goes, stays] = [deviceOf(org, 'Goes'), deviceOf(org, 'Stays')]
      for (const device of [goes, stays]) await add(device)
      assert.equal(await devices.cutOffDevice(other, goes.id, NOW, noteThat('device-cut-off', goes.id)), false)
      assert.deepEqual(await credentials.gone([goes.id, stays.id], NOW), [])
      assert.equal(await devices.cutOffDevice(org, goes.id, NOW, noteThat('device-cut-off', goes.id)), true)
      assert.equal(await devices.cutOffDevice(org, goes.id, NOW, noteThat('device-cut-off', goes.id)), false)
      assert.deepEqual([await devices.device(org, goes.id), await credentials.credential(goes.id, NOW), await devices.changeDevice(org, goes.id, { name: 'Back' }, noteThat('device-put', goes.id))], [null, null, null])
      assert.deepEqual([await devices.devices(org, null), await credentials.gone([goes.id, stays.id], NOW)], [[stays], [goes.id]])
    })

    await t.test('what is changed changes, and nothing else', async () => {
      const org = await newOrg()
      const device = deviceOf(org, 'Lobby', { floor: 'f1', point: [1, 2] })
      await add(device)
      const change = async (what: Parameters<Devices['changeDevice']>[2]) => await devices.changeDevice(org, device.id, what, noteThat('device-put', device.id))
      assert.deepEqual(await change({ name: 'Door' }), { ...device, name: 'Door' })
      assert.deepEqual(await change({ point: [0, 3] }), { ...device, name: 'Door', point: [0, 3] })
      assert.deepEqual(await change({ floor: null, point: null }), { ...device, name: 'Door', floor: null, point: null })
      assert.equal(await devices.changeDevice(await newOrg(), device.id, { name: 'Ours' }, noteThat('device-put', device.id)), null)
    })

    await t.test('what was done is written down, and what was not is not', async () => {
      const org = await newOrg()
      const device = deviceOf(org, 'Lobby')
      await add(device)
      await add(device)
      await devices.changeDevice(org, device.id, { name: 'Door' }, noteThat('device-put', device.id))
      await devices.cutOffDevice(org, device.id, NOW, noteThat('device-cut-off', device.id))
      await devices.cutOffDevice(org, device.id, NOW, noteThat('device-cut-off', device.id))
      assert.deepEqual((await written(org)).map(({ action, what }) => [action, what]), [['device-paired', device.id], ['device-put', device.id], ['device-cut-off', device.id]])
    })

    await t.test('when a device was seen is known to the minute, and never goes back', async () => {
      const org = await newOrg()
      const device = deviceOf(org, 'Lobby')
      await add(device)
      const seenAt = async () => (await devices.device(org, device.id))?.lastSeenAt
      await credentials.used([device.id, newKeyId()], NOW + 2 * MINUTE + 59_000)
      assert.equal(await seenAt(), NOW + 2 * MINUTE)
      await credentials.used([device.id], NOW)
      assert.equal(await seenAt(), NOW + 2 * MINUTE)
    })

    await t.test('what a device says of itself is kept once a minute, and counts as seen', async () => {
      const org = await newOrg()
      const device = deviceOf(org, 'Lobby')
      await add(device)
      const report = async (version: string, at: number) => {
        await devices.reportDevice(org, device.id, { version, health: 'ok' }, at)
        const found = await devices.device(org, device.id)
        return [found?.report?.version, found?.lastSeenAt]
      }
      assert.deepEqual(await report('1', NOW + 1_000), ['1', NOW])
      assert.deepEqual(await report('2', NOW + MINUTE), ['1', NOW])
      assert.deepEqual(await report('3', NOW + 1_000 + MINUTE), ['3', NOW + MINUTE])
      await devices.reportDevice(await newOrg(), device.id, { version: 'theirs', health: 'failing' }, NOW + 10 * MINUTE)
      assert.deepEqual((await devices.device(org, device.id))?.report, { version: '3', health: 'ok' })
    })

    await t.test('devices are counted by role, as they were seen and say that they are', async () => {
      const org = await newOrg()
      const before = await devices.countDevices(NOW + MINUTE)
      const count = (counts: typeof before, role: string) => counts.find(one => one.role === role) ?? { role, online: 0, silent: 0, unwell: 0 }
      const [well, unwell, silent, gone] = ['a', 'b', 'c', 'd'].map(name => deviceOf(org, name, { role: 'sensor' })) as [Device, Device, Device, Device]
      for (const device of [well, unwell, silent, gone]) await add(device)
      await credentials.used([well.id, gone.id], NOW + 2 * MINUTE)
      await devices.reportDevice(org, unwell.id, { version: '1', health: 'failing' }, NOW + 2 * MINUTE)
      await devices.cutOffDevice(org, gone.id, NOW, noteThat('device-cut-off', gone.id))
      const [was, is] = [count(before, 'sensor'), count(await devices.countDevices(NOW + MINUTE), 'sensor')]
      assert.deepEqual([is.online - was.online, is.silent - was.silent, is.unwell - was.unwell], [2, 1, 1])
    })
  })
}
