import assert from 'node:assert/strict'
import { test } from 'tap'
import { BadgeReader, type KeyMeaning } from '../../src/web/kiosk/badge-reader.ts'

/** Keys that come so many milliseconds after one another, and what became of each. */
function taken (keys: readonly string[], everyMs: number, more: { repeat?: boolean, chord?: boolean } = {}): KeyMeaning[] {
  const reader = new BadgeReader()
  return keys.map((key, i) => reader.take({ key, at: 1_000 + i * everyMs, repeat: false, chord: false, ...more }))
}

const badges = (meanings: readonly KeyMeaning[]): string[] => meanings.flatMap(meaning => meaning.state === 'badge' ? [meaning.badge] : [])
/** What other parts of the page get of it. */
const passed = (keys: readonly string[], meanings: readonly KeyMeaning[]): string => meanings.map((meaning, i) => meaning.state === 'pass' ? meaning.typed + (keys[i]?.length === 1 ? keys[i] : '') : '').join('')

test('keys that come as fast as a reader types, with Enter at their end, are a badge, and nobody else gets more than the first', async () => {
  const keys = [...'04A2C901', 'Enter']
  for (const everyMs of [0, 1, 20, 50]) {
    const meanings = taken(keys, everyMs)
    assert.deepEqual(badges(meanings), ['04A2C901'])
    assert.equal(passed(keys, meanings), '0')
  }
})

test('a PIN or a name that is typed by hand, or on the screen, is none, and all of it goes where it belongs', async () => {
  for (const keys of [[...'471133', 'Enter'], [...'maximiliane', 'Enter']]) {
    const meanings = taken(keys, 80)
    assert.deepEqual([badges(meanings), passed(keys, meanings)], [[], keys.slice(0, -1).join('')])
  }
})

test('two keys that a hand rolls over are given back with the next, or when none follows', async () => {
  const reader = new BadgeReader()
  const take = (key: string, at: number) => reader.take({ key, at, repeat: false, chord: false })
  assert.deepEqual([take('m', 0), take('a', 30), take('x', 200)], [{ state: 'pass', typed: '' }, { state: 'hold' }, { state: 'pass', typed: 'a' }])
  take('i', 220)
  assert.deepEqual([reader.lapse(), reader.lapse()], ['i', ''])
})

test('few keys, a key that is held down, and chords are no badge', async () => {
  assert.deepEqual(badges(taken([...'4711', 'Enter'], 5)), [])
  assert.deepEqual(badges(taken([...'aaaaaaaa', 'Enter'], 33, { repeat: true })), [])
  assert.deepEqual(badges(taken([...'04A2C901', 'Enter'], 5, { chord: true })), [])
})

test('a badge after an Enter of somebody\'s own, or with capitals, is read like any other', async () => {
  assert.deepEqual(badges(taken(['Enter', ...'04A2C901', 'Enter', ...'04A2C902', 'Enter'], 10)), ['04A2C901', '04A2C902'])
  assert.deepEqual(badges(taken(['0', '4', 'Shift', 'A', '2', 'Shift', 'C', '9', 'Enter'], 10)), ['04A2C9'])
})

test('nothing of a badge is left in the reader once it was told', async () => {
  const reader = new BadgeReader()
  for (const [i, key] of [...'04A2C901', 'Enter'].entries()) reader.take({ key, at: i, repeat: false, chord: false })
  assert.equal(reader.lapse(), '')
})
