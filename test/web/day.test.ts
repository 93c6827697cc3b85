import assert from 'node:assert/strict'
import { test } from 'tap'
import { hourMarks, openSpan } from '../../src/web/map/day.ts'
import { isSameDay, onDayOf, weekdayOf } from '../../src/web/time/site-clock.ts'

const ZONE = 'Europe/Zurich'
const WEEKDAYS = { 1: { opens: '07:30', closes: '19:00' }, 2: { opens: '07:30', closes: '24:00' } } as const

test('a day is shown from an hour before now until the house closes, on the site\'s clock', async () => {
  const now = Date.parse('2026-03-02T09:07:00Z')
  assert.deepEqual(openSpan({ zone: ZONE, hours: WEEKDAYS }, now, now), { from: Date.parse('2026-03-02T08:00:00Z'), to: Date.parse('2026-03-02T18:00:00Z') })
})

test('another day is shown as long as the house is open, until midnight where it says 24:00', async () => {
  const now = Date.parse('2026-03-02T09:07:00Z')
  assert.deepEqual(openSpan({ zone: ZONE, hours: WEEKDAYS }, now + 86_400_000, now), { from: Date.parse('2026-03-03T06:30:00Z'), to: Date.parse('2026-03-03T23:00:00Z') })
})

test('a day on which the house is closed has nothing to show', async () => {
  const sunday = Date.parse('2026-03-01T09:00:00Z')
  assert.equal(openSpan({ zone: ZONE, hours: WEEKDAYS }, sunday, sunday), null)
})

test('a house that is always open is shown by day, and late in the evening for as long as there is', async () => {
  const late = Date.parse('2026-03-02T21:20:00Z')
  assert.deepEqual(openSpan({ zone: ZONE, hours: null }, late, late), { from: Date.parse('2026-03-02T20:00:00Z'), to: Date.parse('2026-03-02T23:00:00Z') })
})

test('days follow the site\'s clock over the change to summer time', async () => {
  assert.equal(onDayOf('2026-03-29T10:00:00Z', ZONE, 60).toISOString(), '2026-03-29T00:00:00.000Z')
  assert.equal(onDayOf('2026-03-29T10:00:00Z', ZONE, 180).toISOString(), '2026-03-29T01:00:00.000Z')
  assert.equal(weekdayOf('2026-03-28T23:30:00Z', ZONE), 7)
  assert.equal(isSameDay('2026-03-28T23:30:00Z', '2026-03-29T21:30:00Z', ZONE), true)
})

test('no more hours stand below a bar than there is room for', async () => {
  const day = { from: Date.parse('2026-03-02T07:00:00Z'), to: Date.parse('2026-03-02T19:00:00Z') }
  assert.equal(hourMarks(day, 6).length, 7)
  assert.equal(hourMarks(day, 12).length, 13)
})
