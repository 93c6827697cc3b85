import { test } from 'tap'
import assert from 'node:assert/strict'
import { deviceAdmin } from '../../src/application/device-admin.ts'
import type { Device } from '../../src/application/devices.ts'
import { newKeyToken } from '../../src/application/key-token.ts'
import { KnownKeys } from '../../src/application/known-keys.ts'
import { noteOf } from '../../src/application/audit.ts'
import type { Principal, Role } from '../../src/application/principal.ts'
import { MINUTE } from '../../src/domain/time.ts'
import { ROLES } from '../../src/domain/role.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rest } from '../harness/stream-node.ts'
import { ADMIN } from '../stand-ins/building.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DevicesInMemory } from '../stand-ins/devices.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'

const { org } = ADMIN

async function scene (t: Cleanup) {
  const [clock, devices, directory] = [new HandClock(), new DevicesInMemory(), new DirectoryInMemory()]
  await directory.putOrg({ id: org, name: 'Acme', policy: {} })
  for (const id of ['hq', 'mill']) await directory.putSite(org, { id, name: id, hours: { zone: 'UTC', hours: null }, policy: {} })
  for (const [id, site] of [['f1', 'hq'], ['f2', 'hq'], ['m1', 'mill']] as const) await directory.putFloor(org, { id, site, name: id, level: 1, zones: [], spaces: [], plan: { type: 'FeatureCollection', features: [] } }, 0)
  const heard = { told: [] as unknown[], gone: [] as string[], inUse: [] as string[] }
  const known = new KnownKeys({ credentials: devices, clock, onKnown () {}, onGone: ids => { heard.gone.push(...ids) }, inUse: () => heard.inUse, onTrouble () {} })
  t.after(() => known.close())
  const admin = deviceAdmin({
    devices,
    directory,
    clock,
    async tell (_, news) {
      heard.told.push(news)
      if (news.what === 'key') known.revoked([news.id])
    }
  })
  const add = async (name: string, other: Partial<Device> = {}) => {
    const { id, token, hash } = newKeyToken()
    const device: Device = { id, org, name, role: 'kiosk', site: 'hq', floor: null, point: null, createdAt: clock.now(), createdBy: ADMIN.id, lastSeenAt: null, report: null, ...other }
    await devices.addDevice(device, hash, noteOf({ clock }, ADMIN, 'device-paired', { what: id }))
    return { device, token }
  }
  return { clock, devices, known, heard, admin, add }
}

const somebody = (role: Role, site: string | null = null): Principal => ({ ...ADMIN, role, site })
const UNKNOWN = { code: 'DEVICE_UNKNOWN' }

test('a device that comes with its token is itself, and is told where it stands', async t => {
  const { known, admin, add } = await scene(t)
  const { device, token } = await add('Lobby', { floor: 'f1', point: [1, 2] })
  const principal = await known.authenticate(token)
  assert.deepEqual(principal, { org, id: `device:${device.id}`, role: 'kiosk', person: null, site: 'hq', expiresAt: null, key: device.id })
  assert.deepEqual({ ...await admin.self(principal), lastSeenAt: null }, device)
})

test('nobody else is a device: neither an admin, nor who has a device\'s name from elsewhere', async t => {
  const { admin, add } = await scene(t)
  const { device } = await add('Lobby')
  for (const principal of [ADMIN, somebody('kiosk', 'hq'), { ...somebody('kiosk', 'hq'), id: `device:${device.id}` }, { ...somebody('kiosk'), key: device.id }]) {
    await assert.rejects(admin.self(principal), { code: 'FORBIDDEN' })
    await assert.rejects(admin.report(principal, { version: '1', health: 'ok' }), { code: 'FORBIDDEN' })
  }
})

test('a device that was cut off gets in no more, its connections go, and everybody is told', async t => {
  const { known, heard, admin, add, devices } = await scene(t)
  const { device, token } = await add('Stolen')
  await known.authenticate(token)
  await admin.cutOffDevice(ADMIN, device.id)
  assert.deepEqual([heard.gone, heard.told], [[device.id], [{ what: 'key', id: device.id }]])
  await assert.rejects(known.authenticate(token), { code: 'UNAUTHENTICATED' })
  await assert.rejects(admin.cutOffDevice(ADMIN, device.id), UNKNOWN)
  assert.deepEqual(devices.notes.map(({ by, action, what }) => [by, action, what]).at(-1), [ADMIN.id, 'device-cut-off', device.id])
})

test('a device whose cutting off nobody heard of is gone with the next look', async t => {
  const { clock, known, heard, add, devices } = await scene(t)
  const { device, token } = await add('Stolen')
  await known.authenticate(token)
  await devices.cutOffDevice(org, device.id, clock.now(), noteOf({ clock }, ADMIN, 'device-cut-off'))
  clock.pass(5_000)
  await rest()
  assert.deepEqual(heard.gone.slice(0, 1), [device.id])
})

test('a manager sees, changes and cuts off the devices of their site, and knows of no other', async t => {
  const { admin, add } = await scene(t)
  const [own, other] = [(await add('Ours')).device.id, (await add('Theirs', { site: 'mill' })).device.id]
  const manager = somebody('manager', 'hq')
  assert.deepEqual((await admin.devices(manager)).map(({ id }) => id), [own])
  assert.deepEqual((await admin.devices(ADMIN)).map(({ id }) => id), [own, other])
  await assert.rejects(admin.changeDevice(manager, other, { name: 'Mine' }), UNKNOWN)
  await assert.rejects(admin.cutOffDevice(manager, other), UNKNOWN)
  await admin.changeDevice(manager, own, { name: 'Mine' })
  await admin.cutOffDevice(manager, own)
  await assert.rejects(admin.cutOffDevice({ ...ADMIN, org: 'globex' }, other), UNKNOWN)
})

test('nobody else sees or cuts off devices', async t => {
  const { admin, add } = await scene(t)
  const { device: { id } } = await add('Lobby')
  for (const role of ROLES) {
    if (role === 'admin' || role === 'manager') continue
    await assert.rejects(admin.devices(somebody(role, 'hq')), { code: 'FORBIDDEN' }, role)
    await assert.rejects(admin.changeDevice(somebody(role, 'hq'), id, { name: 'x' }), { code: 'FORBIDDEN' }, role)
    await assert.rejects(admin.cutOffDevice(somebody(role, 'hq'), id), { code: 'FORBIDDEN' }, role)
  }
})

test('a device is moved within its site, and on another floor its point is another place', async t => {
  const { admin, add, heard } = await scene(t)
  const { device: { id } } = await add('Lobby', { floor: 'f1', point: [1, 2] })
  const place = async (change: Parameters<typeof admin.changeDevice>[2]) => {
    const { floor, point } = await admin.changeDevice(ADMIN, id, change)
    return [floor, point]
  }
  assert.deepEqual(await place({ name: 'Door' }), ['f1', [1, 2]])
  assert.deepEqual(await place({ floor: 'f2' }), ['f2', null])
  assert.deepEqual(await place({ point: [3, 4] }), ['f2', [3, 4]])
  assert.deepEqual(await place({ floor: null }), [null, null])
  await assert.rejects(place({ floor: 'm1' }), { code: 'FLOOR_UNKNOWN' })
  await assert.rejects(place({ point: [3, 4] }), { code: 'BAD_REQUEST' })
  assert.deepEqual(heard.told, Array.from({ length: 4 }, () => ({ what: 'device', id })))
})

test('a device that only stays connected is seen every minute', async t => {
  const { clock, known, heard, add, devices } = await scene(t)
  const { device: { id }, token } = await add('Lobby')
  await known.authenticate(token)
  heard.inUse.push(id)
  for (let minute = 0; minute < 5; minute++) {
    clock.pass(MINUTE)
    await rest()
    clock.pass(5_000)
    await rest()
    assert.ok(clock.now() - ((await devices.device(org, id))?.lastSeenAt ?? 0) < 2 * MINUTE, `minute ${minute}`)
  }
})
