import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryTickets } from '../../src/adapters/memory/tickets.ts'
import type { AuditNote } from '../../src/application/audit.ts'
import { isSecretOf, readKeyToken } from '../../src/application/key-token.ts'
import { pairing, PAIRING_LIMITS, PAIRING_MS, type Pairing } from '../../src/application/pairing.ts'
import { CODE_LETTERS } from '../../src/application/pairing-code.ts'
import type { Principal, Role } from '../../src/application/principal.ts'
import { RIGHTS } from '../../src/application/rights.ts'
import type { TicketNote, Tickets } from '../../src/application/tickets.ts'
import { DEVICE_ROLES } from '../../src/domain/device.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { ROLES } from '../../src/domain/role.ts'
import type { DeviceBody } from '../../src/protocol/devices.ts'
import { ADMIN } from '../stand-ins/building.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DevicesInMemory } from '../stand-ins/devices.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'

const { org } = ADMIN
const LOBBY: DeviceBody = { name: 'Lobby', role: 'kiosk', site: 'hq', floor: 'f1', point: [1, 2] }
const HERE = '192.0.2.1'
const UNKNOWN = { code: 'PAIRING_UNKNOWN' }
const LIMITED = { code: 'RATE_LIMITED' }

async function scene () {
  const [clock, devices, directory] = [new HandClock(), new DevicesInMemory(), new DirectoryInMemory()]
  await directory.putOrg({ id: org, name: 'Acme', policy: {} })
  for (const id of ['hq', 'mill']) await directory.putSite(org, { id, name: id, hours: { zone: 'UTC', hours: null }, policy: {} })
  for (const [id, site] of [['f1', 'hq'], ['m1', 'mill']] as const) await directory.putFloor(org, { id, site, name: id, level: 1, zones: [], spaces: [], plan: { type: 'FeatureCollection', features: [] } }, 0)
  const memory = memoryTickets(() => clock.monotonic())
  const heard = { put: [] as TicketNote[], counted: [] as string[], notes: [] as AuditNote[], revoked: new Set<string>() }
  const tickets: Tickets = {
    ...memory,
    async put (note, ttlMs, most) {
      heard.put.push(note)
      return await memory.put(note, ttlMs, most)
    }
  }
  // Two nodes share the rest.
  const node = (): Pairing => pairing({
    tickets,
    devices,
    directory,
    clock,
    metrics: { pairing: what => { heard.counted.push(what) } },
    note: async (_, notes) => { heard.notes.push(...notes) },
    seal: text => Buffer.from(text).toString('base64').split('').reverse().join(''),
    async mustWork ({ key }) {
      if (key !== undefined && heard.revoked.has(key)) throw new PerchError('UNAUTHENTICATED')
    }
  })
  return { clock, devices, heard, here: node(), there: node() }
}

const somebody = (role: Role, site: string | null = null): Principal => ({ ...ADMIN, role, site })

/** Another code than that. */
function wrong (code: string): string {
  const [first = '', rest] = [code[0], code.slice(1)]
  return `${CODE_LETTERS[(CODE_LETTERS.indexOf(first) + 1) % CODE_LETTERS.length] ?? ''}${rest}`
}

test('a device shows its code on one node, is approved on another, and is told its token once', async () => {
  const { clock, devices, heard, here, there } = await scene()
  const { code, secret, expiresAt } = await here.begin(HERE)
  assert.equal(expiresAt, clock.now() + PAIRING_MS)
  assert.deepEqual(await there.poll(secret), { state: 'waiting', expiresAt })
  const { device: id } = await there.approve(ADMIN, code.toLowerCase(), LOBBY)
  const paired = await here.poll(secret)
  assert.ok(paired.state === 'paired')
  assert.deepEqual(paired.device, { ...LOBBY, id, org, createdAt: clock.now(), createdBy: ADMIN.id, lastSeenAt: null, report: null })
  const [read, credential] = [readKeyToken(paired.token), await devices.credential(id)]
  assert.ok(read !== null && credential !== null && read.id === id && isSecretOf(credential, read.secret))
  for (const node of [here, there]) await assert.rejects(node.poll(secret), UNKNOWN)
  assert.deepEqual([...heard.notes, ...devices.notes].map(({ by, action, what }) => [by, action, what]), [[ADMIN.id, 'device-approved', id], [`device:${id}`, 'device-paired', id]])
  assert.deepEqual(heard.counted, ['begun', 'approved', 'paired'])
})

test('of all who ask with one secret at once one is told the token', async () => {
  const { here, there } = await scene()
  const { code, secret } = await here.begin(HERE)
  await here.approve(ADMIN, code, LOBBY)
  const answers = await Promise.allSettled([here, there, here, there].map(async node => await node.poll(secret)))
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a code is approved or refused once, by whoever comes first', async () => {
  const { here, there } = await scene()
  const { code, secret } = await here.begin(HERE)
  await there.refuse(ADMIN, code)
  await assert.rejects(there.approve(ADMIN, code, LOBBY), UNKNOWN)
  await assert.rejects(here.refuse(ADMIN, code), UNKNOWN)
  assert.deepEqual(await here.poll(secret), { state: 'refused' })
  await assert.rejects(here.poll(secret), UNKNOWN)
  const other = await here.begin(HERE)
  const answers = await Promise.allSettled([here, there].map(async node => await node.approve(ADMIN, other.code, LOBBY)))
  assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a code that was made is typed in once, and is no code that a device shows', async () => {
  const { here, there, devices } = await scene()
  const { code, device } = await here.prepare(ADMIN, LOBBY)
  await assert.rejects(there.approve(ADMIN, code, LOBBY), UNKNOWN)
  const answers = await Promise.allSettled([here, there, here].map(async node => await node.redeem(HERE, code)))
  assert.deepEqual(answers.flatMap(answer => answer.status === 'fulfilled' ? [answer.value.device.id] : []), [device])
  await assert.rejects(here.redeem(HERE, code), UNKNOWN)
  assert.deepEqual((await devices.devices(org, null)).map(({ id }) => id), [device])
  const shown = await here.begin(HERE)
  await assert.rejects(here.redeem(HERE, shown.code), UNKNOWN)
})

test('after ten minutes nothing of it works any more', async () => {
  const { clock, here, devices } = await scene()
  const [shown, late, made] = [await here.begin(HERE), await here.begin(HERE), await here.prepare(ADMIN, LOBBY)]
  clock.pass(PAIRING_MS - 1)
  // What is approved late ends with its code all the same.
  await here.approve(ADMIN, late.code, LOBBY)
  clock.pass(1)
  await assert.rejects(here.approve(ADMIN, shown.code, LOBBY), UNKNOWN)
  await assert.rejects(here.poll(shown.secret), UNKNOWN)
  await assert.rejects(here.poll(late.secret), UNKNOWN)
  await assert.rejects(here.redeem(HERE, made.code), UNKNOWN)
  assert.deepEqual(await devices.devices(org, null), [])
})

test('while Postgres is away nothing is lost: the device asks again', async () => {
  const { here, devices } = await scene()
  const [shown, made] = [await here.begin(HERE), await here.prepare(ADMIN, LOBBY)]
  await here.approve(ADMIN, shown.code, LOBBY)
  devices.away = true
  await assert.rejects(here.poll(shown.secret), { code: 'LEDGER_BEHIND' })
  await assert.rejects(here.redeem(HERE, made.code), { code: 'LEDGER_BEHIND' })
  devices.away = false
  assert.equal((await here.poll(shown.secret)).state, 'paired')
  assert.equal((await here.redeem(HERE, made.code)).state, 'paired')
})

test('a pairing is worth no more than what it was wanted with: it ends with the key that was revoked', async () => {
  const { here, heard } = await scene()
  const byKey: Principal = { ...ADMIN, key: '0123456789abcdef' }
  const [shown, made] = [await here.begin(HERE), await here.prepare(byKey, LOBBY)]
  await here.approve(byKey, shown.code, LOBBY)
  heard.revoked.add('0123456789abcdef')
  await assert.rejects(here.poll(shown.secret), { code: 'UNAUTHENTICATED' })
  await assert.rejects(here.redeem(HERE, made.code), { code: 'UNAUTHENTICATED' })
})

test('a manager pairs at their own site alone, and nobody else but an admin pairs anything', async () => {
  const { here } = await scene()
  const { code } = await here.begin(HERE)
  const forbidden = { code: 'FORBIDDEN' }
  for (const role of ROLES) {
    if (role === 'admin') continue
    const at = role === 'manager' ? 'mill' : 'hq'
    await assert.rejects(here.prepare(somebody(role, at), LOBBY), forbidden, role)
    await assert.rejects(here.approve(somebody(role, at), code, LOBBY), forbidden, role)
    if (role !== 'manager') await assert.rejects(here.refuse(somebody(role, at), code), forbidden, role)
  }
  await here.prepare(somebody('manager', 'hq'), LOBBY)
  await here.approve(somebody('manager', 'hq'), code, LOBBY)
})

test('whoever may pair devices may do all that a device may', async () => {
  for (const role of ROLES) {
    if (!RIGHTS[role].includes('write-devices')) continue
    for (const device of DEVICE_ROLES) assert.deepEqual(RIGHTS[device].filter(operation => !RIGHTS[role].includes(operation)), [], `${role}, ${device}`)
  }
})

test('a device stands at a site that there is and on a floor of it; what is wrong uses up no code', async () => {
  const { here } = await scene()
  const { code, secret } = await here.begin(HERE)
  for (const [change, error] of [[{ site: 'nowhere' }, 'SITE_UNKNOWN'], [{ floor: 'm1' }, 'FLOOR_UNKNOWN'], [{ floor: 'nowhere' }, 'FLOOR_UNKNOWN'], [{ floor: null }, 'BAD_REQUEST']] as const) {
    await assert.rejects(here.approve(ADMIN, code, { ...LOBBY, ...change }), { code: error })
    await assert.rejects(here.prepare(ADMIN, { ...LOBBY, ...change }), { code: error })
  }
  await here.approve(ADMIN, code, LOBBY)
  assert.equal((await here.poll(secret)).state, 'paired')
})

test('whoever reads what is kept finds neither code nor secret nor token in it, and sees in its names nothing of whose it is', async () => {
  const { here, heard, devices } = await scene()
  const [shown, made] = [await here.begin(HERE), await here.prepare(ADMIN, LOBBY)]
  await here.approve(ADMIN, shown.code, LOBBY)
  const paired = await here.poll(shown.secret)
  assert.ok(paired.state === 'paired')
  const kept = JSON.stringify([heard.put, heard.notes, devices.notes])
  for (const text of [shown.code, shown.code.replace('-', ''), made.code, made.code.replace('-', ''), shown.secret, readKeyToken(paired.token)?.secret ?? '-', HERE]) assert.ok(!kept.includes(text), text)
  for (const { name, holder } of heard.put) assert.doesNotMatch(name + holder, /acme|hq|Lobby/)
})

test('guessing is stopped: by address, and over all addresses; whoever has credentials is not in its way, and goes on', async () => {
  const { clock, here, there, heard } = await scene()
  const { perAddress, overall } = PAIRING_LIMITS.wrongRedeemed
  const made = await here.prepare(ADMIN, LOBBY)
  for (let i = 0; i < perAddress; i++) await assert.rejects((i % 2 === 0 ? here : there).redeem(HERE, wrong(made.code)), UNKNOWN)
  await assert.rejects(here.redeem(HERE, wrong(made.code)), LIMITED)
  await assert.rejects(there.redeem(HERE, made.code), LIMITED, 'a right guess tells nothing any more')
  for (let i = perAddress; i < overall; i++) await assert.rejects(here.redeem(`198.51.100.${i}`, wrong(made.code)), UNKNOWN)
  await assert.rejects(here.redeem('203.0.113.1', made.code), LIMITED)
  const shown = await there.begin('203.0.113.1')
  await here.approve(ADMIN, shown.code, LOBBY)
  assert.equal((await there.poll(shown.secret)).state, 'paired')
  assert.equal(heard.counted.filter(what => what === 'wrong-code').length, overall)
  assert.equal(heard.counted.filter(what => what === 'too-many-guesses').length, 3)
  clock.pass(PAIRING_MS)
  const again = await here.prepare(ADMIN, LOBBY)
  await here.redeem(HERE, again.code)
})

test('guesses that come at once are no cheaper', async () => {
  const { here, there } = await scene()
  const made = await here.prepare(ADMIN, LOBBY)
  const codes = await Promise.all(Array.from({ length: 100 }, async (_, i) => await (i % 2 === 0 ? here : there).redeem(HERE, wrong(made.code)).then(() => 'ok', (error: { code: string }) => error.code)))
  assert.equal(codes.filter(code => code === 'PAIRING_UNKNOWN').length, PAIRING_LIMITS.wrongRedeemed.perAddress)
  assert.equal(codes.filter(code => code === 'RATE_LIMITED').length, 100 - PAIRING_LIMITS.wrongRedeemed.perAddress)
})

test('who has credentials guesses no more than some codes that devices show, and right codes cost nothing', async () => {
  const { here, clock } = await scene()
  for (let i = 0; i < 2 * PAIRING_LIMITS.wrongApproved.perPrincipal; i++) {
    const { code } = await here.begin(`192.0.2.${i}`)
    await here.approve(ADMIN, code, LOBBY)
  }
  const { code } = await here.begin(HERE)
  for (let i = 0; i < PAIRING_LIMITS.wrongApproved.perPrincipal; i++) await assert.rejects(here.approve(ADMIN, wrong(code), LOBBY), UNKNOWN)
  await assert.rejects(here.approve(ADMIN, code, LOBBY), LIMITED)
  await assert.rejects(here.refuse(ADMIN, code), LIMITED)
  await here.approve({ ...ADMIN, id: 'key:other' }, code, LOBBY)
  clock.pass(PAIRING_MS)
  await here.approve(ADMIN, (await here.begin(HERE)).code, LOBBY)
})

test('what cannot be a code costs nothing and is none', async () => {
  const { here } = await scene()
  for (let i = 0; i < 100; i++) await assert.rejects(here.redeem(HERE, '0000-0000'), UNKNOWN)
  for (const secret of ['', 'x', 'A'.repeat(43), '../'.repeat(14) + 'x']) await assert.rejects(here.poll(secret), UNKNOWN)
  await here.redeem(HERE, (await here.prepare(ADMIN, LOBBY)).code)
})

test('an address begins, and an org prepares, no more than so many at a time', async () => {
  const { here, heard } = await scene()
  for (let i = 0; i < PAIRING_LIMITS.begun.perAddress; i++) await here.begin(HERE)
  await assert.rejects(here.begin(HERE), LIMITED)
  await here.begin('192.0.2.2')
  for (let i = 0; i < PAIRING_LIMITS.prepared.perOrg; i++) await here.prepare(ADMIN, LOBBY)
  await assert.rejects(here.prepare(ADMIN, LOBBY), LIMITED)
  assert.deepEqual(heard.counted.filter(what => what.startsWith('too-many')), ['too-many-begun', 'too-many-prepared'])
})
