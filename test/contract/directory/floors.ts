import assert from 'node:assert/strict'
import type { Floor } from '../../../src/domain/plan.ts'
import type { Suite } from '../directory.ts'
import { floorOf, newSite, refused, siteOf, spaceOf } from './office.ts'

const detailed: Floor = floorOf({
  zones: [{ id: 'quiet', name: 'Quiet zone', for: { people: ['anna'], groups: ['board'] } }, { id: 'east', name: 'East', for: null }],
  spaces: [
    spaceOf('r1', { kind: 'room', zone: 'quiet', features: ['screen', 'a "quoted", one'], for: { people: [], groups: ['board'] } }),
    spaceOf('d1', { zone: 'east', sensorOnly: true }),
    spaceOf('d0', { label: 'Schreibtisch ½' })
  ],
  plan: {
    type: 'FeatureCollection',
    features: [
      { type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[0, 0], [1.25, 0], [1.25, -3], [0, 0]]] }, properties: { space: 'r1' } },
      { type: 'Feature', geometry: { type: 'Point', coordinates: [0.1, 0.2] }, properties: { role: 'label', text: 'Lift' } }
    ]
  }
})

export const floors: Suite = async (t, directory) => {
  await t.test('a floor is there with its zones, spaces and plan, in the order in which they were put', async () => {
    const org = await newSite(directory)
    const stored = await directory.putFloor(org, detailed, 0)
    assert.deepEqual(stored, { ...detailed, revision: 1, removed: [] })
    assert.deepEqual(await directory.floor(org, 'hq-1'), stored)
  })

  await t.test('a floor that nobody put is not there', async () => {
    const org = await newSite(directory)
    assert.equal(await directory.floor(org, 'hq-1'), null)
    assert.equal(await directory.floor('nobody', 'hq-1'), null)
  })

  await t.test('a changed floor is as it was last put, one revision on', async () => {
    const org = await newSite(directory)
    await directory.putSite(org, siteOf({ id: 'mill' }))
    await directory.putFloor(org, detailed, 0)
    const other = floorOf({
      site: 'mill', name: 'Loft', level: -2, zones: [{ id: 'east', name: 'Far east', for: null }], spaces: [spaceOf('d0', { zone: 'east' }), spaceOf('d1'), spaceOf('r1')]
    })
    assert.deepEqual(await directory.putFloor(org, other, 1), { ...other, revision: 2, removed: [] })
    assert.deepEqual(await directory.floor(org, 'hq-1'), { ...other, revision: 2, removed: [] })
  })

  await t.test('a space that is no longer put is marked removed, keeps its floor, and may come back', async () => {
    const org = await newSite(directory)
    await directory.putFloor(org, detailed, 0)
    const without = await directory.putFloor(org, floorOf({ spaces: [spaceOf('d0')] }), 1)
    assert.deepEqual(without.spaces, [spaceOf('d0')])
    assert.deepEqual(without.removed, ['d1', 'r1'])
    assert.deepEqual(await directory.floorsOf(org, ['d0', 'd1', 'r1']), new Map([['d0', 'hq-1'], ['d1', 'hq-1'], ['r1', 'hq-1']]))
    const back = await directory.putFloor(org, floorOf({ spaces: [spaceOf('d1', { label: 'Back' }), spaceOf('d0')] }), 2)
    assert.deepEqual(back.spaces, [spaceOf('d1', { label: 'Back' }), spaceOf('d0')])
    assert.deepEqual(back.removed, ['r1'])
  })

  await t.test('a floor may lose all its zones and spaces', async () => {
    const org = await newSite(directory)
    await directory.putFloor(org, detailed, 0)
    const empty = await directory.putFloor(org, floorOf({ spaces: [] }), 1)
    assert.deepEqual([empty.zones, empty.spaces, empty.removed], [[], [], ['d0', 'd1', 'r1']])
  })

  await t.test('a floor is changed only by who saw its revision', async () => {
    const org = await newSite(directory)
    await refused('PLAN_CHANGED', directory.putFloor(org, detailed, 1))
    assert.equal(await directory.floor(org, 'hq-1'), null)
    await directory.putFloor(org, detailed, 0)
    await refused('PLAN_CHANGED', directory.putFloor(org, floorOf(), 0))
    await refused('PLAN_CHANGED', directory.putFloor(org, floorOf(), 2))
    assert.deepEqual(await directory.floor(org, 'hq-1'), { ...detailed, revision: 1, removed: [] })
  })

  await t.test('of several that change a floor at once one does', async () => {
    const org = await newSite(directory)
    await directory.putFloor(org, floorOf(), 0)
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(async name => await directory.putFloor(org, floorOf({ name }), 1)))
    assert.deepEqual(outcomes.map(outcome => outcome.status).sort(), ['fulfilled', 'rejected', 'rejected'])
    assert.equal((await directory.floor(org, 'hq-1'))?.revision, 2)
  })

  await t.test('a floor needs its site', async () => {
    const org = await newSite(directory)
    await refused('SITE_UNKNOWN', directory.putFloor(org, floorOf({ site: 'mill' }), 0))
    await refused('SITE_UNKNOWN', directory.putFloor('nobody', floorOf(), 0))
    await directory.putFloor(org, floorOf(), 0)
    await refused('SITE_UNKNOWN', directory.putFloor(org, floorOf({ site: 'mill' }), 1))
  })

  await t.test('a space of another floor is refused, by name, and nothing of the floor is written', async () => {
    const org = await newSite(directory)
    await directory.putFloor(org, floorOf({ spaces: [spaceOf('d1'), spaceOf('d2')] }), 0)
    await directory.putFloor(org, floorOf({ spaces: [spaceOf('d1')] }), 1)
    for (const taken of ['d1', 'd2']) {
      const { detail } = await refused('PLAN_INVALID', directory.putFloor(org, floorOf({ id: 'hq-2', spaces: [spaceOf('e1'), spaceOf(taken)] }), 0))
      assert.deepEqual(detail['spaces'], [taken])
    }
    assert.equal(await directory.floor(org, 'hq-2'), null)
    assert.deepEqual(await directory.floorsOf(org, ['e1']), new Map())
  })

  const unsound: Record<string, Partial<Floor>> = {
    'a space twice': { spaces: [spaceOf('d1'), spaceOf('d1')] },
    'a zone twice': { zones: [{ id: 'east', name: 'East', for: null }, { id: 'east', name: 'West', for: null }] },
    'a space in a zone that it has not': { spaces: [spaceOf('d1', { zone: 'west' })] }
  }
  for (const [what, other] of Object.entries(unsound)) {
    await t.test(`a floor with ${what} is refused, and stays as it was`, async () => {
      const org = await newSite(directory)
      const before = await directory.putFloor(org, detailed, 0)
      await refused('PLAN_INVALID', directory.putFloor(org, floorOf(other), 1))
      assert.deepEqual(await directory.floor(org, 'hq-1'), before)
    })
  }

  await t.test('the floors of an org are listed by site and level, with the number of spaces on their plans', async () => {
    const org = await newSite(directory)
    await directory.putSite(org, siteOf({ id: 'barn' }))
    await directory.putFloor(org, floorOf({ id: 'hq-2', level: 2, spaces: [] }), 0)
    await directory.putFloor(org, floorOf(), 0)
    await directory.putFloor(org, floorOf({ spaces: [spaceOf('d1')] }), 1)
    await directory.putFloor(org, floorOf({ id: 'b0', site: 'barn', level: 3, name: 'Barn', spaces: [spaceOf('b1')] }), 0)
    assert.deepEqual(await directory.floors(org), [
      { id: 'b0', site: 'barn', name: 'Barn', level: 3, revision: 1, spaces: 1 },
      { id: 'hq-1', site: 'hq', name: 'First floor', level: 1, revision: 2, spaces: 1 },
      { id: 'hq-2', site: 'hq', name: 'First floor', level: 2, revision: 1, spaces: 0 }
    ])
    assert.deepEqual(await directory.floors('nobody'), [])
  })

  await t.test('the floors of spaces are told where they are known', async () => {
    const org = await newSite(directory)
    await directory.putFloor(org, floorOf(), 0)
    assert.deepEqual(await directory.floorsOf(org, ['d2', 'nowhere']), new Map([['d2', 'hq-1']]))
    assert.deepEqual(await directory.floorsOf(org, []), new Map())
    assert.deepEqual(await directory.floorsOf('nobody', ['d2']), new Map())
  })

  await t.test('orgs may use the same ids', async () => {
    const [one, other] = [await newSite(directory), await newSite(directory)]
    await directory.putFloor(one, floorOf(), 0)
    await directory.putFloor(other, floorOf({ id: 'loft', name: 'Theirs' }), 0)
    assert.deepEqual(await directory.floorsOf(one, ['d1']), new Map([['d1', 'hq-1']]))
    assert.deepEqual(await directory.floorsOf(other, ['d1']), new Map([['d1', 'loft']]))
  })

  await t.test('a floor of three thousand spaces is put whole', async () => {
    const org = await newSite(directory)
    const spaces = Array.from({ length: 3_000 }, (_, i) => spaceOf(`d${i}`, { features: ['screen'] }))
    assert.equal((await directory.putFloor(org, floorOf({ spaces }), 0)).spaces.length, 3_000)
    assert.equal((await directory.putFloor(org, floorOf({ spaces: spaces.slice(1_000) }), 1)).removed.length, 1_000)
  })
}
