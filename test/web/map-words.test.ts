import assert from 'node:assert/strict'
import { test } from 'tap'
import { PerchError, type PerchErrorCode } from '../../src/client/index.ts'
import { errors } from '../../src/domain/errors.ts'
import { placeOf, pathOf } from '../../src/web/map/place.ts'
import { refusedBy } from '../../src/web/map/refusal.ts'
import { statusText } from '../../src/web/map/status-text.ts'
import { de } from '../../src/web/map/words/de.ts'
import { en } from '../../src/web/map/words/en.ts'
import { fr } from '../../src/web/map/words/fr.ts'
import { featureText, type MapWords } from '../../src/web/map/words/map-words.ts'

const CATALOGUES = { en, de, fr }

function sentences (words: object): string[] {
  return Object.values(words).flatMap((value: unknown) => typeof value === 'string' ? [value] : typeof value === 'function' ? [String(value('A', 'B', 'C'))] : sentences(value as object))
}

test('no language has an empty phrase or one with a hole in it', async () => {
  for (const [language, words] of Object.entries(CATALOGUES)) {
    for (const text of sentences(words)) assert.doesNotMatch(text, /^\s*$|undefined|NaN|\[object/, language)
  }
})

test('every language knows the features that the others know', async () => {
  for (const words of [de, fr]) assert.deepEqual(Object.keys(words.features).sort(), Object.keys(en.features).sort())
  assert.equal(featureText(de, 'two-screens'), 'Zwei Bildschirme')
  assert.equal(featureText(de, 'sit-stand_desk'), 'sit stand desk')
})

test('whatever code the server refuses with, in each language there is a sentence and never the code', async () => {
  for (const words of Object.values(CATALOGUES)) {
    for (const code of Object.keys(errors) as PerchErrorCode[]) {
      const { text } = refusedBy(new PerchError({ code, message: 'said by the server', retry: false, space: 'x', from: '', to: '', rule: 'new-rule' }), parts(words))
      assert.match(text, /[.…]$/, code)
      assert.doesNotMatch(text, new RegExp(`${code}|said by the server`))
    }
  }
})

test('a desk that was just taken is said with the one beside it', async () => {
  const alternatives = [{ space: 'd15', label: '3-N-15', floor: 'hq-3', distance: 1.6 }]
  const refused = refusedBy(new PerchError({ code: 'SPACE_TAKEN', message: '', retry: false, alternatives }), parts(en))
  assert.equal(refused.text, '3-N-14 was just taken. 3-N-15 beside it is free.')
  assert.deepEqual(refused.alternatives, alternatives)
})

test('what is farther away or on another floor is not beside it', async () => {
  const refused = (distance: number | null) => refusedBy(new PerchError({ code: 'SPACE_TAKEN', message: '', retry: false, alternatives: [{ space: 'x', label: '3-G-01', floor: 'hq-2', distance }] }), parts(en)).text
  assert.equal(refused(12), '3-N-14 was just taken. 3-G-01 is free.')
  assert.equal(refused(null), '3-N-14 was just taken. 3-G-01 on the floor hq-2 is free.')
})

test('a status is a short phrase with the time that matters', async () => {
  const time = (at: string): string => at.slice(11, 16)
  const view = { id: 'd1', since: '2026-03-03T08:00:00Z' }
  assert.equal(statusText({ ...view, status: 'free', next: '2026-03-03T14:00:00Z' }, en, time), 'Free until 14:00')
  assert.equal(statusText({ ...view, status: 'free', brief: true, next: '2026-03-03T08:20:00Z' }, en, time), 'Free for a short while, until 08:20')
  assert.equal(statusText({ ...view, status: 'reserved', until: '2026-03-03T14:00:00Z' }, de, time), 'Reserviert bis 14:00')
  assert.equal(statusText({ ...view, status: 'occupied', by: 'reading' }, en, time), 'Somebody seems to be there')
  assert.equal(statusText({ ...view, status: 'blocked' }, fr, time), 'Hors service')
  assert.equal(statusText(undefined, en, time), 'Nothing is known of it right now')
})

test('an address names a floor and a space on it, and nothing that is no id', async () => {
  assert.deepEqual(placeOf('/map/hq-3/hq-3-d12'), { floor: 'hq-3', space: 'hq-3-d12' })
  assert.deepEqual(placeOf('/map/'), { floor: null, space: null })
  assert.deepEqual(placeOf('/map/%E0%A4%A/x'), { floor: null, space: null })
  assert.deepEqual(placeOf('/map/<script>'), { floor: null, space: null })
  assert.equal(pathOf({ floor: 'hq-3', space: null }), '/map/hq-3')
})

function parts (words: MapWords) {
  return { words, label: '3-N-14', seemedFree: true, labelOf: (id: string) => id, floorName: (id: string) => `the floor ${id}`, time: (at: string) => at }
}
