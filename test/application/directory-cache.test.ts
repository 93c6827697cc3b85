import { test } from 'tap'
import assert from 'node:assert/strict'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'

async function open () {
  const directory = new DirectoryInMemory()
  const clock = new HandClock()
  const orgs: string[] = []
  const cached = cachedDirectory({ directory, calendars: luxonCalendars(), clock, onRemember: org => orgs.push(org) })
  await directory.putOrg({ id: 'acme', name: 'Acme', policy: { horizonMs: 1 } })
  await directory.putSite('acme', { id: 'hq', name: 'HQ', hours: { zone: 'Europe/Berlin', hours: null }, policy: { minStayMs: 2 } })
  await putName(directory, 'Anna')
  directory.reads = 0
  return { directory, clock, cached, orgs }
}

const putName = async (directory: DirectoryInMemory, name: string) =>
  await directory.putPeople('acme', [{ id: 'anna', name, visibility: 'everyone', groups: [], badges: [] }])

test('an answer is read once, and askers at the same time share the read', async () => {
  const { cached, directory } = await open()
  const people = await Promise.all([cached.person('acme', 'anna'), cached.person('acme', 'anna')])
  await cached.person('acme', 'anna')
  assert.deepEqual([people[0]?.name, people[1]?.name, directory.reads], ['Anna', 'Anna', 1])
})

test('what is not there is asked for again', async () => {
  const { cached, directory } = await open()
  assert.equal(await cached.person('acme', 'eve'), null)
  await directory.putPeople('acme', [{ id: 'eve', name: 'Eve', visibility: 'everyone', groups: [], badges: [] }])
  assert.equal((await cached.person('acme', 'eve'))?.name, 'Eve')
})

test('no answer is older than a minute', async () => {
  const { cached, directory, clock } = await open()
  await cached.person('acme', 'anna')
  await putName(directory, 'Anna Maria')
  clock.pass(29_000)
  assert.equal((await cached.person('acme', 'anna'))?.name, 'Anna')
  clock.pass(32_000)
  assert.equal((await cached.person('acme', 'anna'))?.name, 'Anna Maria')
})

test('what is asked for often is read again in the background', async () => {
  const { cached, directory, clock } = await open()
  await cached.person('acme', 'anna')
  await putName(directory, 'Anna Maria')
  clock.pass(31_000)
  assert.equal((await cached.person('acme', 'anna'))?.name, 'Anna', 'nobody waits')
  assert.equal((await cached.person('acme', 'anna'))?.name, 'Anna Maria')
})

test('the last answer stands while Postgres is away, and is asked for now and then', async () => {
  const { cached, directory, clock } = await open()
  await cached.person('acme', 'anna')
  directory.away = true
  clock.pass(3_600_000)
  assert.equal((await cached.person('acme', 'anna'))?.name, 'Anna')
  await assert.rejects(cached.person('acme', 'ben'), { code: 'LEDGER_BEHIND' })
  directory.away = false
  await putName(directory, 'Anna Maria')
  clock.pass(11_000)
  await cached.person('acme', 'anna')
  assert.equal((await cached.person('acme', 'anna'))?.name, 'Anna Maria')
})

test('a read that began before the change is not remembered', async () => {
  const { cached, directory } = await open()
  const { person } = directory
  let letGo = () => {}
  const gate = new Promise<void>(resolve => { letGo = resolve })
  directory.person = async (org, id) => {
    const found = await person.call(directory, org, id)
    await gate
    return found
  }
  const early = cached.person('acme', 'anna')
  await putName(directory, 'Anna Maria')
  cached.forget('acme', { what: 'person', id: 'anna' })
  letGo()
  assert.equal((await early)?.name, 'Anna')
  assert.equal((await cached.person('acme', 'anna'))?.name, 'Anna Maria')
})

test('a place has the org\'s policy under the site\'s, and its calendar', async () => {
  const { cached, orgs } = await open()
  const place = await cached.place('acme', 'hq')
  assert.deepEqual([place.policy.horizonMs, place.policy.minStayMs, place.policyRevision], [1, 2, 1])
  assert.equal(place.calendar.dayOf(Date.UTC(2026, 0, 1)).key, '2026-01-01')
  assert.deepEqual(orgs, ['acme'])
})

test('news of a policy voids the places of that org', async () => {
  const { cached, directory } = await open()
  await cached.place('acme', 'hq')
  await directory.putOrg({ id: 'acme', name: 'Acme', policy: { horizonMs: 5 } })
  cached.forget('other', { what: 'policy' })
  assert.equal((await cached.place('acme', 'hq')).policy.horizonMs, 1)
  cached.forget('acme', { what: 'policy' })
  assert.equal((await cached.place('acme', 'hq')).policy.horizonMs, 5)
})

test('an unknown site and an unknown org say so', async () => {
  const { cached } = await open()
  await assert.rejects(cached.place('acme', 'nowhere'), { code: 'SITE_UNKNOWN' })
  await assert.rejects(cached.place('nobody', 'hq'), { code: 'ORG_UNKNOWN' })
})
