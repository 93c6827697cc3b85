import assert from 'node:assert/strict'
import { test } from 'tap'
import type { SpaceKind } from '../../src/domain/space.ts'
import { choicesOf, NO_FILTER, toggled, wantedOf } from '../../src/web/map/filter.ts'
import type { SpaceShape } from '../../src/web/plan/shapes.ts'

const space = (id: string, label: string, kind: SpaceKind, zone: string | null, ...features: string[]): SpaceShape => ({ id, label, kind, zone, features, box: { x: 0, y: 0, width: 1, height: 1 }, path: null })
const SPACES = [space('d1', '3-N-14', 'desk', 'north', 'window', 'quiet'), space('d2', '3-G-02', 'desk', 'garden', 'window'), space('r1', 'Föhn', 'room', null, 'screen')]
const wanted = (filter: Partial<typeof NO_FILTER>, names = new Map<string, string>()) => [...wantedOf(SPACES, { ...NO_FILTER, ...filter }, names) ?? ['all']]

test('without anything looked for all is', async () => {
  assert.deepEqual(wanted({}), ['all'])
  assert.deepEqual(wanted({ text: '  ' }), ['all'])
})

test('kinds and zones are one of those, features all of those', async () => {
  assert.deepEqual(wanted({ kinds: ['desk', 'room'] }), ['d1', 'd2', 'r1'])
  assert.deepEqual(wanted({ zones: ['garden', 'north'], features: ['window'] }), ['d1', 'd2'])
  assert.deepEqual(wanted({ features: ['window', 'quiet'] }), ['d1'])
})

test('a label is found without its hyphens, accents and case', async () => {
  assert.deepEqual(wanted({ text: '3n14' }), ['d1'])
  assert.deepEqual(wanted({ text: 'FOHN' }), ['r1'])
  assert.deepEqual(wanted({ text: 'n-1' }), ['d1'])
})

test('a name is found by the beginning of each of its parts', async () => {
  const names = new Map([['d2', 'Anna-Lena Freifrau von Keller']])
  for (const text of ['ann', 'lena', 'kel', 'von k', 'anna-l']) assert.deepEqual(wanted({ text }, names), ['d2'], text)
  for (const text of ['nna', 'eller']) assert.deepEqual(wanted({ text }, names), [], text)
})

test('a floor offers what it has, the most frequent first', async () => {
  const { kinds, features, zones } = choicesOf(SPACES, [{ id: 'north', name: 'North' }, { id: 'empty', name: 'Empty' }])
  assert.deepEqual([kinds, features, zones.map(({ id }) => id)], [['desk', 'room'], ['window', 'quiet', 'screen'], ['north']])
})

test('what is pressed twice is off again', async () => {
  assert.deepEqual(toggled(toggled(['a'], 'b'), 'a'), ['b'])
})
