import assert from 'node:assert/strict'
import { PIN_LOCKED_MS } from '../../../src/domain/person.ts'
import type { Suite } from '../directory.ts'
import { newOrg, personOf, refused } from './office.ts'

export const people: Suite = async (t, directory) => {
  const anna = personOf('anna', { name: 'Anna Ånd', visibility: 'hidden', groups: ['board', 'sales'], badges: ['aa01', 'aa02'] })

  await t.test('people are there as they were last put', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, [anna, personOf('bob')])
    assert.deepEqual(await directory.person(org, 'anna'), anna)
    assert.deepEqual(await directory.person(org, 'bob'), personOf('bob'))
    const changed = { ...anna, name: 'Anna', visibility: 'everyone', groups: ['sales', 'staff'], badges: ['aa02', 'aa03'] } as const
    await directory.putPeople(org, [changed])
    assert.deepEqual(await directory.person(org, 'anna'), changed)
    await directory.putPeople(org, [personOf('anna')])
    assert.deepEqual(await directory.person(org, 'anna'), personOf('anna'))
  })

  await t.test('a person that nobody put is not there', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, [anna])
    assert.equal(await directory.person(org, 'bob'), null)
    assert.equal(await directory.person('nobody', 'anna'), null)
  })

  await t.test('of a person put twice in one call the last counts', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, [anna, personOf('anna', { groups: ['staff', 'staff'], badges: ['aa09', 'aa09'] })])
    assert.deepEqual(await directory.person(org, 'anna'), personOf('anna', { groups: ['staff'], badges: ['aa09'] }))
  })

  await t.test('people are listed in pages by id, also those of one group', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, ['d', 'B', 'a', 'c', 'e'].map(id => personOf(id, { groups: ['a', 'c', 'e'].includes(id) ? ['board', 'x'] : ['x'] })))
    const list = async (after: string | null, limit: number, group?: string): Promise<string[]> => (await directory.people(org, { after, limit, group })).map(person => person.id)
    assert.deepEqual(await list(null, 10), ['B', 'a', 'c', 'd', 'e'])
    assert.deepEqual(await list('a', 2), ['c', 'd'])
    assert.deepEqual(await list('b', 1), ['c'])
    assert.deepEqual(await list(null, 10, 'board'), ['a', 'c', 'e'])
    assert.deepEqual(await list('a', 1, 'board'), ['c'])
    assert.deepEqual(await list(null, 10, 'nobody'), [])
    assert.deepEqual((await directory.people(org, { after: 'd', limit: 1, group: 'board' })), [personOf('e', { groups: ['board', 'x'] })])
  })

  await t.test('a person is found by a badge', async () => {
    const [org, other] = [await newOrg(directory), await newOrg(directory)]
    await directory.putPeople(org, [anna])
    await directory.putPeople(other, [personOf('bob', { badges: ['aa01'] })])
    assert.deepEqual(await directory.personByBadge(org, 'aa02'), anna)
    assert.equal((await directory.personByBadge(other, 'aa01'))?.id, 'bob')
    assert.equal(await directory.personByBadge(org, 'aa03'), null)
  })

  await t.test('a badge passes to another person when both are put at once, and is not taken from anybody else', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, [anna])
    await refused('BAD_REQUEST', directory.putPeople(org, [personOf('bob', { badges: ['aa01'], groups: ['thieves'] }), personOf('carl')]))
    assert.equal(await directory.person(org, 'carl'), null, 'all or nothing')
    assert.deepEqual((await directory.groups(org)).map(group => group.id), ['board', 'sales'])
    await directory.putPeople(org, [personOf('bob', { badges: ['aa01'] }), { ...anna, badges: ['aa02'] }])
    assert.equal((await directory.personByBadge(org, 'aa01'))?.id, 'bob')
  })

  await t.test('groups that people name are made, called like their id, and those that are there stay as they are', async () => {
    const org = await newOrg(directory)
    await directory.putGroup(org, { id: 'board', name: 'The board' })
    await directory.putPeople(org, [anna])
    assert.deepEqual(await directory.groups(org), [{ id: 'board', name: 'The board' }, { id: 'sales', name: 'sales' }])
    await directory.putGroup(org, { id: 'sales', name: 'Sales' })
    assert.deepEqual(await directory.groups(org), [{ id: 'board', name: 'The board' }, { id: 'sales', name: 'Sales' }])
    assert.deepEqual(await directory.groups('nobody'), [])
  })

  await t.test('a person taken off is gone with badges and memberships, once', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, [anna])
    assert.equal(await directory.removePerson(org, 'anna'), true)
    assert.equal(await directory.removePerson(org, 'anna'), false)
    assert.equal(await directory.person(org, 'anna'), null)
    assert.equal(await directory.personByBadge(org, 'aa01'), null)
    assert.deepEqual(await directory.people(org, { after: null, limit: 9, group: 'board' }), [])
    await directory.putPeople(org, [personOf('bob', { badges: ['aa01'] })])
  })

  await t.test('a thousand people are put at once, and no more', async () => {
    const org = await newOrg(directory)
    const many = Array.from({ length: 1_001 }, (_, i) => personOf(`p${i}`, { groups: [`g${i % 7}`, 'all'], badges: [`b${i}`] }))
    await refused('TOO_LARGE', directory.putPeople(org, many))
    await directory.putPeople(org, many.slice(1))
    assert.equal((await directory.people(org, { after: null, limit: 2_000, group: 'all' })).length, 1_000)
    await directory.putPeople(org, [])
  })

  await t.test('imports of the same people at once all go through', async () => {
    const org = await newOrg(directory)
    const many = Array.from({ length: 200 }, (_, i) => personOf(`p${i}`, { groups: [`g${i % 9}`], badges: [`b${i}`] }))
    await Promise.all([many, [...many].reverse(), many].map(async list => await directory.putPeople(org, list)))
    assert.equal((await directory.people(org, { after: null, limit: 500 })).length, 200)
  })

  await t.test('people are found by how words of their names begin, by name, unless they are hidden', async () => {
    const org = await newOrg(directory)
    const names = { a: 'Anna Schmidt', b: 'Åsa Schmied', c: 'Bo Schmidt-Annan', d: 'Anna Schmidt', e: 'Schmock' }
    await directory.putPeople(org, Object.entries(names).map(([id, name]) => personOf(id, { name })))
    const find = async (words: string[], limit = 9): Promise<string[]> => (await directory.findPeople(org, words, limit)).map(({ id }) => id)
    assert.deepEqual(await find(['schm']), ['a', 'd', 'c', 'e', 'b'])
    assert.deepEqual(await find(['schm'], 2), ['a', 'd'])
    assert.deepEqual(await find(['ann', 'schm']), ['a', 'd', 'c'])
    assert.deepEqual(await find(['asa']), ['b'])
    assert.deepEqual([await find(['nna']), await find(['ann%']), await find([])], [[], [], []])
    await directory.setVisibility(org, 'a', 'hidden')
    await directory.putPeople(org, [personOf('d', { name: 'Dora' })])
    assert.deepEqual([await find(['ann']), await find(['dor'])], [['c'], ['d']])
    assert.deepEqual(await directory.findPeople('nobody', ['ann'], 9), [])
  })

  await t.test('a person\'s visibility changes and nothing else', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, [anna])
    assert.equal(await directory.setVisibility(org, 'anna', 'everyone'), true)
    assert.deepEqual(await directory.person(org, 'anna'), { ...anna, visibility: 'everyone' })
    assert.equal(await directory.setVisibility(org, 'bob', 'everyone'), false)
  })

  await t.test('a PIN is there as it was set, and locked for a while from the fifth try on', async () => {
    const org = await newOrg(directory)
    const [pin, now] = [{ cost: 16, salt: 'c2FsdA==', hash: 'aGFzaA==' }, Date.UTC(2026, 2, 2, 8)]
    const tries = async (at: number, count: number): Promise<boolean[]> => await Array.from({ length: count }).reduce<Promise<boolean[]>>(async done => [...await done, await directory.tryPin(org, 'anna', at) !== null], Promise.resolve([]))
    assert.deepEqual([await directory.setPin(org, 'anna', pin), await directory.tryPin(org, 'anna', now)], [false, null])
    await directory.putPeople(org, [anna])
    assert.equal(await directory.setPin(org, 'anna', pin), true)
    assert.deepEqual(await directory.tryPin(org, 'anna', now), pin)
    await directory.pinWasRight(org, 'anna')
    assert.deepEqual(await tries(now, 6), [true, true, true, true, true, false])
    assert.deepEqual(await tries(now + PIN_LOCKED_MS - 1, 1), [false])
    assert.deepEqual(await tries(now + PIN_LOCKED_MS, 6), [true, true, true, true, true, false])
    assert.equal(await directory.setPin(org, 'anna', pin), true)
    assert.deepEqual(await tries(now + PIN_LOCKED_MS, 1), [true], 'set again it is unlocked')
    assert.equal(await directory.setPin(org, 'anna', null), true)
    assert.deepEqual([await tries(now, 1), await directory.setPin(org, 'anna', null)], [[false], false])
  })

  await t.test('tries at the same moment are counted one by one', async () => {
    const org = await newOrg(directory)
    await directory.putPeople(org, [anna])
    await directory.setPin(org, 'anna', { cost: 16, salt: '', hash: '' })
    const tries = await Promise.all(Array.from({ length: 20 }, async () => await directory.tryPin(org, 'anna', Date.UTC(2026, 2, 2, 8))))
    assert.equal(tries.filter(found => found !== null).length, 5)
  })

  await t.test('people and groups need their org', async () => {
    await refused('ORG_UNKNOWN', directory.putPeople('nobody', [anna]))
    await refused('ORG_UNKNOWN', directory.putGroup('nobody', { id: 'board', name: 'Board' }))
  })

  await t.test('a name that no text may hold is refused', async () => {
    await refused('BAD_REQUEST', directory.putPeople(await newOrg(directory), [personOf('anna', { name: 'An\u0000na' })]))
  })
}
