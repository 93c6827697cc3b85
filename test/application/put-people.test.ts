import { test } from 'tap'
import assert from 'node:assert/strict'
import { decodeStored } from '../../src/application/codec.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { spaceKey } from '../../src/domain/keys.ts'
import type { SpaceRecord } from '../../src/domain/space.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { setImmediate as turn } from 'node:timers/promises'
import { until } from '../harness/wait.ts'
import { ADMIN, answered, openBuilding, ORG, rowOfDesks, withSite, type Building } from '../stand-ins/building.ts'

/** The name that screens of the named audience show at a space. */
async function nameAt ({ store }: Building, id: string): Promise<string | null | undefined> {
  const stored = (await store.read(ORG, [spaceKey(id)])).records.get(spaceKey(id))
  return stored === undefined ? undefined : (decodeStored(spaceKey(id), stored).value as SpaceRecord | null)?.current?.name
}

async function withDesks (building: Building): Promise<Building> {
  await withSite(building)
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2']), { release: false })
  await building.admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna' }, { id: 'ben', name: 'Ben', groups: ['sales'], badges: ['04:A2'] }] })
  return building
}

const claim = async (building: Building, space: string, person: string, from?: string) => {
  return await building.commands.claim(ADMIN, { id: building.newId(), space, person, await: 'accepted', ...(from !== undefined && { from }) })
}

test('a new name reaches every space where the person is, on every site', async t => {
  const building = await withDesks(await openBuilding(t))
  await building.admin.putSite(ADMIN, 'lab', { name: 'Lab', zone: 'Asia/Tokyo', policy: { overlapping: { desk: null } } })
  await building.admin.putFloor(ADMIN, 'l1', { ...rowOfDesks(['e1']), site: 'lab' }, { release: false })
  await claim(building, 'd1', 'anna')
  await claim(building, 'e1', 'anna')
  await building.admin.putPerson(ADMIN, 'anna', { name: 'Anna Maria' })
  assert.deepEqual([await nameAt(building, 'd1'), await nameAt(building, 'e1')], ['Anna Maria', 'Anna Maria'])
})

test('who hides disappears from every space at once, and from bookings', async t => {
  const building = await withDesks(await openBuilding(t))
  await claim(building, 'd1', 'anna')
  await claim(building, 'd2', 'ben', '2026-03-20T08:00:00Z')
  await building.admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna', visibility: 'hidden' }, { id: 'ben', name: 'Ben', visibility: 'hidden' }] })
  assert.equal(await nameAt(building, 'd1'), null)
  building.clock.pass(18 * 24 * HOUR + MINUTE)
  await building.transact(ORG, { type: 'tick', spaces: ['d2'] }, { site: 'hq' }, 'perch')
  assert.equal(await nameAt(building, 'd2'), null)
})

test('a claim that another node makes with a name it remembers is set right within a minute or so', async t => {
  const one = await withDesks(await openBuilding(t))
  const two = await openBuilding(t, one)
  await two.cached.person(ORG, 'anna')
  one.store.announce = async () => {} // The news is lost.
  await one.admin.putPerson(ADMIN, 'anna', { name: 'Anna', visibility: 'hidden' })
  await claim(two, 'd1', 'anna')
  assert.equal(await nameAt(one, 'd1'), 'Anna')
  one.clock.pass(70_000)
  await until(async () => await nameAt(one, 'd1') === null, { what: 'the second round hides the name' })
})

test('news of a change make the other node forget at once', async t => {
  const one = await withDesks(await openBuilding(t))
  const two = await openBuilding(t, one)
  await two.cached.person(ORG, 'anna')
  await one.admin.putPerson(ADMIN, 'anna', { name: 'Anna Maria' })
  await until(async () => (await two.cached.person(ORG, 'anna'))?.name === 'Anna Maria', { what: 'the other node reads again' })
})

test('badges are kept as keyed hashes, and stay when a change does not name them', async t => {
  const building = await withDesks(await openBuilding(t))
  await building.admin.putPerson(ADMIN, 'ben', { name: 'Benjamin' })
  const ben = await building.directory.person(ORG, 'ben')
  assert.equal(ben?.badges.length, 1)
  assert.match(ben?.badges[0] ?? '', /^[0-9a-f]{64}$/)
  assert.deepEqual(await building.admin.person(ADMIN, 'ben'), { id: 'ben', name: 'Benjamin', visibility: 'everyone', groups: [], badges: 1 })
  const { claim } = await building.commands.claim(ADMIN, { id: building.newId(), space: 'd1', person: { badge: '04:A2' }, await: 'accepted' })
  assert.equal(claim.person, 'ben')
  assert.equal((await building.admin.putPerson(ADMIN, 'ben', { name: 'Ben', badges: [] })).person.badges, 0)
})

test('a person who is removed loses their claims and is unknown afterwards', async t => {
  const building = await withDesks(await openBuilding(t))
  const { claim: { id } } = await claim(building, 'd1', 'anna')
  const { claim: { id: later } } = await claim(building, 'd2', 'anna', '2026-03-20T08:00:00Z')
  await building.admin.removePerson(ADMIN, 'anna')
  for (const ended of [id, later]) assert.equal((await building.commands.find(ADMIN, ended)).life.state, 'ended')
  await assert.rejects(claim(building, 'd1', 'anna'), { code: 'PERSON_UNKNOWN' })
  await building.admin.removePerson(ADMIN, 'anna')
})

test('people are listed in pages', async t => {
  const building = await withSite(await openBuilding(t))
  await building.admin.putPeople(ADMIN, { people: ['a', 'b', 'c'].map(id => ({ id, name: id, groups: id === 'b' ? [] : ['x'] })) })
  const first = await building.admin.people(ADMIN, { after: null, limit: 2 })
  assert.deepEqual([first.people.map(({ id }) => id), first.next], [['a', 'b'], 'b'])
  const second = await building.admin.people(ADMIN, { after: 'b', limit: 2 })
  assert.deepEqual([second.people.map(({ id }) => id), second.next], [['c'], null])
  assert.deepEqual((await building.admin.people(ADMIN, { after: null, limit: 10, group: 'x' })).people.map(({ id }) => id), ['a', 'c'])
})

test('a member sees themselves and nobody else', async t => {
  const building = await withDesks(await openBuilding(t))
  const anna = { ...ADMIN, id: 'person:anna', role: 'member' as const, person: 'anna' }
  assert.equal((await building.admin.person(anna, 'anna')).name, 'Anna')
  for (const run of [
    async () => await building.admin.person(anna, 'ben'),
    async () => await building.admin.people(anna, { after: null, limit: 10 }),
    async () => await building.admin.putPerson(anna, 'anna', { name: 'Queen' }),
    async () => await building.admin.removePerson(anna, 'ben'),
    async () => await building.admin.groups(anna)
  ]) await assert.rejects(run, { code: 'FORBIDDEN' })
})

const KIOSK = { ...ADMIN, id: 'device:kiosk', role: 'kiosk' as const }

test('kiosks and members find at most five people by name, from three letters on, and namesakes are told apart', async t => {
  const building = await withDesks(await openBuilding(t))
  const { admin } = building
  await admin.putGroups(ADMIN, [{ id: 'sales', name: 'Sales' }])
  await admin.putPeople(ADMIN, {
    people: [
      ...Array.from({ length: 9 }, (_, i) => ({ id: `m${i}`, name: `Mia Number ${i}` })),
      { id: 'x1', name: 'Xaver', groups: ['sales'] }, { id: 'x2', name: 'Xaver', groups: ['ops'] }, { id: 'x3', name: 'Xaver Hidden', visibility: 'hidden' }
    ]
  })
  assert.deepEqual((await admin.findPeople(KIOSK, 'mia')).map(({ id }) => id), ['m0', 'm1', 'm2', 'm3', 'm4'])
  assert.deepEqual(await admin.findPeople(KIOSK, 'Xav'), [{ id: 'x1', name: 'Xaver', groups: ['Sales'] }, { id: 'x2', name: 'Xaver', groups: ['ops'] }])
  assert.deepEqual(await admin.findPeople({ ...ADMIN, id: 'person:anna', role: 'member', person: 'anna' }, 'number 7'), [{ id: 'm7', name: 'Mia Number 7' }])
  for (const search of ['mi', ' a  b ', '...']) await assert.rejects(admin.findPeople(KIOSK, search), { code: 'BAD_REQUEST' })
  for (const role of ['viewer', 'display', 'sensor', 'operator'] as const) await assert.rejects(admin.findPeople({ ...ADMIN, role }, 'mia'), { code: 'FORBIDDEN' })
})

test('somebody claims at a kiosk by their PIN, and no other', async t => {
  const building = await withDesks(await openBuilding(t))
  await building.admin.putPin({ ...ADMIN, id: 'person:anna', role: 'member', person: 'anna' }, 'anna', '4711')
  const claimBy = async (pin: string, id = 'anna') => await answered(building, building.commands.claim(KIOSK, { id: building.newId(), space: 'd1', person: { id, pin }, await: 'accepted' }))
  for (const [pin, id] of [['4712', 'anna'], ['4711', 'ben'], ['4711', 'nobody']]) {
    await assert.rejects(claimBy(pin ?? '', id), (error: PerchError) => error.code === 'PERSON_UNKNOWN' && Object.keys(error.detail).length === 0)
  }
  assert.equal((await claimBy('4711')).claim.person, 'anna')
  assert.doesNotMatch(JSON.stringify(await building.directory.tryPin(ORG, 'anna', building.clock.now())), /4711/)
})

test('a PIN is locked after five wrong tries, for a quarter of an hour or until an admin sets it again', async t => {
  const building = await withDesks(await openBuilding(t))
  await building.admin.putPin(ADMIN, 'anna', '4711')
  const isRight = async (pin: string) => await answered(building, building.commands.claim(KIOSK, { id: building.newId(), space: 'd1', person: { id: 'anna', pin }, await: 'accepted' }))
    .then(async ({ claim }) => { await building.commands.release(ADMIN, claim.id, 'accepted'); return true }, () => false)
  const wrong = async (times: number) => { for (let i = 0; i < times; i++) assert.equal(await isRight('0000'), false) }
  await wrong(4)
  assert.equal(await isRight('4711'), true)
  await wrong(5)
  assert.equal(await isRight('4711'), false)
  building.clock.pass(15 * MINUTE)
  assert.equal(await isRight('4711'), true)
  await wrong(5)
  await building.admin.putPin(ADMIN, 'anna', '4711')
  assert.equal(await isRight('4711'), true)
  await assert.rejects(building.admin.putPin(ADMIN, 'nobody', '4711'), { code: 'PERSON_UNKNOWN' })
  await assert.rejects(building.admin.putPin({ ...ADMIN, role: 'member', person: 'ben' }, 'anna', '4711'), { code: 'FORBIDDEN' })
})

test('when a PIN is refused does not depend on whether there is such a person', async t => {
  const building = await withDesks(await openBuilding(t))
  await building.admin.putPin(ADMIN, 'anna', '4711')
  for (const id of ['anna', 'ben', 'nobody']) {
    const asked = building.clock.now()
    let open = true
    building.commands.claim(KIOSK, { id: building.newId(), space: 'd1', person: { id, pin: '0000' }, await: 'accepted' }).catch(() => { open = false })
    // The work itself takes none of this clock's time, so the refusal waits for a whole step.
    await until(() => building.clock.timers > 0, { what: 'it waits' })
    building.clock.pass(399)
    await turn()
    assert.equal(open, true, `${id} after ${building.clock.now() - asked} ms`)
    building.clock.pass(1)
    await until(() => !open, { what: 'it is refused' })
  }
})

test('groups have names', async t => {
  const building = await withDesks(await openBuilding(t))
  await building.admin.putGroups(ADMIN, [{ id: 'sales', name: 'Sales' }, { id: 'ops', name: 'Operations' }])
  assert.deepEqual(await building.admin.groups(ADMIN), [{ id: 'ops', name: 'Operations' }, { id: 'sales', name: 'Sales' }])
})

test('changes of people are refused as a whole while Postgres is away', async t => {
  const building = await withDesks(await openBuilding(t))
  building.directory.away = true
  await assert.rejects(building.admin.putPerson(ADMIN, 'anna', { name: 'X' }), (error: PerchError) => error.code === 'LEDGER_BEHIND')
})
