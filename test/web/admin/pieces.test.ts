import { test } from 'tap'
import assert from 'node:assert/strict'
import { tidyCode } from '../../../src/web/admin/devices/tidy-code.ts'
import { sumsOf } from '../../../src/web/admin/health/metrics.ts'
import { placeInFile } from '../../../src/web/admin/plans/place-in-file.ts'
import { momentOf } from '../../../src/web/admin/spaces/local-moment.ts'
import { peopleToTry } from '../../../src/web/parts/people-to-try.ts'
import { qrPath } from '../../../src/web/parts/qr-path.ts'
import { lifeMsOf, tokenAge } from '../../../src/web/live/token-life.ts'
import type { Floor } from '../../../src/domain/plan.ts'

test('a code is read as it is typed, in lower case, with spaces and whatever comes too much', async () => {
  assert.deepEqual(['acde fghj', 'ACDE-FGHJ', 'acd', 'acdef', 'acdefghjklm', ' a-c '].map(tidyCode), ['ACDE-FGHJ', 'ACDE-FGHJ', 'ACD', 'ACDE-F', 'ACDE-FGHJ', 'AC'])
})

test('figures are summed over their labels, and what was not asked for is left out', async () => {
  const text = '# HELP perch_sessions Open\nperch_sessions{transport="ws"} 3\nperch_sessions{transport="sse"} 2\nperch_watchers 7\nperch_sessions_other 9\n'
  assert.deepEqual(sumsOf(text, ['perch_sessions', 'perch_watchers', 'perch_none']), { perch_sessions: 5, perch_watchers: 7, perch_none: 0 })
})

test('a place in a file is named by the space or zone that whoever drew it knows', async () => {
  const floor = {
    spaces: [{ id: 'd1' }], zones: [{ id: 'north' }], plan: { features: [{ properties: { role: 'wall' } }, { properties: { space: 'd1' } }, { properties: { zone: 'north' } }] }
  } as unknown as Floor
  assert.deepEqual(['spaces[0].zone', 'zones[0].id', 'plan.features[0].geometry', 'plan.features[1].geometry.coordinates[0]', 'plan.features[2]', 'plan'].map(path => placeInFile(path, floor)), [
    { what: 'space', id: 'd1' }, { what: 'zone', id: 'north' }, { what: 'shape', number: 1 }, { what: 'space', id: 'd1' }, { what: 'zone', id: 'north' }, { what: 'plan' }
  ])
})

test('a field for date and time is read on the clock of the site, in winter and in summer', async () => {
  assert.equal(momentOf('2026-01-15T09:00', 'Europe/Zurich').toISOString(), '2026-01-15T08:00:00.000Z')
  assert.equal(momentOf('2026-07-15T09:00', 'Europe/Zurich').toISOString(), '2026-07-15T07:00:00.000Z')
  assert.equal(momentOf('2026-07-15T09:00', 'Europe/Lisbon').toISOString(), '2026-07-15T08:00:00.000Z')
})

test('whoever may do most is offered first, and a name is found however its accents are typed', async () => {
  const somebody = (name: string, role: 'admin' | 'manager' | 'member') => ({ id: name, name, role, site: null })
  const people = [somebody('Zoë Müller-Weiß', 'member'), somebody('Anna Keller', 'member'), somebody('Max Huber', 'manager'), somebody('The admin', 'admin')]
  assert.deepEqual(peopleToTry(people, '').map(({ name }) => name), ['The admin', 'Max Huber', 'Anna Keller', 'Zoë Müller-Weiß'])
  for (const search of ['zoe', 'mull', 'Weiß zo', '  ZOË ']) assert.deepEqual(peopleToTry(people, search).map(({ name }) => name), ['Zoë Müller-Weiß'], search)
  assert.deepEqual(peopleToTry(people, 'eller'), [])
})

test('a QR code is one path of squares within its box', async () => {
  const { size, path } = qrPath('http://127.0.0.1:8080/map/hq-3/hq-3-d12')
  assert.ok(size >= 25)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) assert.ok(Number(x) < size && Number(y) < size)
})

test('a token is old after two thirds of its life, by how long it has been here and not by the device\'s clock', async () => {
  const token = `x.${Buffer.from(JSON.stringify({ iat: 1_000, exp: 1_100 })).toString('base64url')}.y`
  assert.equal(lifeMsOf(token), 100_000)
  assert.deepEqual([0, 64_999, 65_000, 99_999, 100_000].map(age => tokenAge(token, age)), ['fresh', 'fresh', 'old', 'old', 'over'])
  assert.deepEqual([lifeMsOf('perch_key'), tokenAge('perch_key', 1e9)], [null, 'fresh'])
})
