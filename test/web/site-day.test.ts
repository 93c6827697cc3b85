import assert from 'node:assert/strict'
import { test } from 'tap'
import { isOpen, nextNight, themeAt } from '../../src/web/display/site-day.ts'

const ZONE = 'Europe/Zurich'
const OFFICE = { zone: ZONE, hours: { 1: { opens: '07:30', closes: '19:00' }, 2: { opens: '06:00', closes: '24:00' } } }
const at = (text: string): number => Date.parse(text)
// 2 March 2026 is a Monday.
const MONDAY_8 = at('2026-03-02T08:00:00+01:00')

test('a house is open within its hours, on the clock of where it stands', async () => {
  const times = ['2026-03-02T07:29:59+01:00', '2026-03-02T07:30:00+01:00', '2026-03-02T18:59:59+01:00', '2026-03-02T19:00:00+01:00', '2026-03-03T23:59:00+01:00', '2026-03-04T12:00:00+01:00']
  assert.deepEqual(times.map(time => isOpen(OFFICE, at(time))), [false, true, true, false, true, false])
  assert.equal(isOpen({ zone: ZONE, hours: null }, at('2026-03-01T03:00:00Z')), true)
})

test('by day it is light, in the evening and while the house is closed it is dark', async () => {
  assert.deepEqual(['2026-03-03T06:59:00+01:00', '2026-03-03T07:00:00+01:00', '2026-03-03T19:00:00+01:00', '2026-03-04T12:00:00+01:00'].map(time => themeAt('time', OFFICE, at(time))), ['dark', 'light', 'dark', 'dark'])
})

test('as the system has it, it is dark all the same while the house is closed', async () => {
  assert.deepEqual([themeAt('auto', OFFICE, MONDAY_8), themeAt('auto', OFFICE, at('2026-03-02T05:00:00+01:00')), themeAt('auto', null, MONDAY_8)], [null, 'dark', null])
})

test('who asks for one theme has it at every hour', async () => {
  assert.deepEqual([themeAt('light', OFFICE, at('2026-03-02T03:00:00Z')), themeAt('dark', OFFICE, MONDAY_8), themeAt('dark', null, MONDAY_8)], ['light', 'dark', 'dark'])
})

test('the next night is between two and four on the clock of the site', async () => {
  assert.equal(new Date(nextNight(ZONE, MONDAY_8, 0)).toISOString(), '2026-03-03T01:00:00.000Z')
  assert.equal(new Date(nextNight(ZONE, MONDAY_8, 0.5)).toISOString(), '2026-03-03T02:00:00.000Z')
  assert.equal(new Date(nextNight(ZONE, at('2026-03-02T01:59:00+01:00'), 0)).toISOString(), '2026-03-02T01:00:00.000Z')
  assert.ok(nextNight(ZONE, MONDAY_8, 0.999) < at('2026-03-03T04:00:00+01:00'))
})

test('in the night in which the clock is put forward there is such a moment as well', async () => {
  const now = at('2026-03-28T20:00:00+01:00')
  for (const share of [0, 0.25, 0.5, 0.75, 0.99]) {
    const moment = nextNight(ZONE, now, share)
    assert.ok(moment > now && moment <= at('2026-03-29T04:00:00+02:00'), new Date(moment).toISOString())
  }
})
