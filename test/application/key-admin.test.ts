import { test } from 'tap'
import assert from 'node:assert/strict'
import { keyAdmin } from '../../src/application/key-admin.ts'
import { readKeyToken } from '../../src/application/key-token.ts'
import type { Principal, Role } from '../../src/application/principal.ts'
import { ROLES } from '../../src/domain/role.ts'
import { DAY } from '../../src/domain/time.ts'
import { ADMIN } from '../stand-ins/building.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'
import { KeysInMemory } from '../stand-ins/keys.ts'

async function scene () {
  const [clock, keys, directory] = [new HandClock(), new KeysInMemory(), new DirectoryInMemory()]
  await directory.putOrg({ id: ADMIN.org, name: 'Acme', policy: {} })
  for (const id of ['hq', 'mill']) await directory.putSite(ADMIN.org, { id, name: id, hours: { zone: 'UTC', hours: null }, policy: {} })
  const told: unknown[] = []
  const admin = keyAdmin({ keys, directory, clock, tell: async (org, news) => { told.push({ org, ...news }) } })
  return { clock, keys, told, admin }
}

const somebody = (role: Role, site: string | null = null): Principal => ({ ...ADMIN, role, site })

test('an admin makes a key, sees it without its token, and revokes it for everybody to hear', async () => {
  const { clock, admin, told } = await scene()
  const { key, token } = await admin.makeKey(ADMIN, { name: 'ci', role: 'sensor', site: 'hq', expiresInDays: 30 })
  assert.equal(readKeyToken(token)?.id, key.id)
  assert.deepEqual([key.org, key.role, key.site, key.expiresAt], [ADMIN.org, 'sensor', 'hq', clock.now() + 30 * DAY])
  const listed = await admin.keys(ADMIN)
  assert.deepEqual(listed.map(({ name }) => name), ['ci'])
  assert.ok(!JSON.stringify(listed).includes(readKeyToken(token)?.secret ?? ''))
  await admin.revokeKey(ADMIN, 'ci')
  assert.deepEqual(told, [{ org: ADMIN.org, what: 'key', id: key.id }])
  assert.deepEqual(await admin.keys(ADMIN), [])
  await assert.rejects(admin.revokeKey(ADMIN, 'ci'), { code: 'KEY_UNKNOWN' })
})

test('who made and revoked a key is written down, without what lets anybody in', async () => {
  const { admin, keys } = await scene()
  const { token } = await admin.makeKey(ADMIN, { name: 'ci', role: 'sensor', site: 'hq' })
  await admin.revokeKey(ADMIN, 'ci')
  assert.deepEqual(keys.notes.map(({ by, action, what, detail }) => [by, action, what, detail]), [
    [ADMIN.id, 'key-made', 'ci', { role: 'sensor', site: 'hq' }], [ADMIN.id, 'key-revoked', 'ci', {}]
  ])
  assert.ok(!JSON.stringify(keys.notes).includes(readKeyToken(token)?.secret ?? ''))
})

test('nobody but an admin makes, sees or revokes keys', async () => {
  const { admin } = await scene()
  await admin.makeKey(ADMIN, { name: 'ci', role: 'admin' })
  for (const role of ROLES.filter(role => role !== 'admin')) {
    await assert.rejects(admin.keys(somebody(role, 'hq')), { code: 'FORBIDDEN' }, role)
    await assert.rejects(admin.makeKey(somebody(role, 'hq'), { name: 'mine', role, site: 'hq' }), { code: 'FORBIDDEN' }, role)
    await assert.rejects(admin.revokeKey(somebody(role, 'hq'), 'ci'), { code: 'FORBIDDEN' }, role)
  }
  assert.deepEqual((await admin.keys(ADMIN)).map(({ name }) => name), ['ci'])
})

test('a key may do no more than who makes it: none is an operator\'s, and none leaves its maker\'s site', async () => {
  const { admin } = await scene()
  await assert.rejects(admin.makeKey(ADMIN, { name: 'ops', role: 'operator' }), { code: 'FORBIDDEN' })
  const ofSite = somebody('admin', 'hq')
  for (const site of [undefined, null, 'mill']) await assert.rejects(admin.makeKey(ofSite, { name: 'wide', role: 'viewer', ...(site !== undefined && { site }) }), { code: 'FORBIDDEN' }, String(site))
  await admin.makeKey(ofSite, { name: 'narrow', role: 'admin', site: 'hq' })
  await admin.makeKey(ADMIN, { name: 'wide', role: 'admin' })
  assert.deepEqual((await admin.keys(ofSite)).map(({ name }) => name), ['narrow'])
  await assert.rejects(admin.revokeKey(ofSite, 'wide'), { code: 'KEY_UNKNOWN' })
})

test('a key is for a site that there is, and a manager\'s for one', async () => {
  const { admin } = await scene()
  await assert.rejects(admin.makeKey(ADMIN, { name: 'ci', role: 'kiosk', site: 'nowhere' }), { code: 'SITE_UNKNOWN' })
  await assert.rejects(admin.makeKey(ADMIN, { name: 'ci', role: 'manager' }), { code: 'BAD_REQUEST' })
  await admin.makeKey(ADMIN, { name: 'ci', role: 'manager', site: 'mill' })
})

test('an org\'s admin has nothing to do with another\'s keys', async () => {
  const { admin } = await scene()
  await admin.makeKey(ADMIN, { name: 'ci', role: 'admin' })
  const other = { ...ADMIN, org: 'globex' }
  assert.deepEqual(await admin.keys(other), [])
  await assert.rejects(admin.revokeKey(other, 'ci'), { code: 'KEY_UNKNOWN' })
  await admin.makeKey(other, { name: 'ci', role: 'admin' })
})
