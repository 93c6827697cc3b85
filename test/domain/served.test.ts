import { test } from 'tap'
import assert from 'node:assert/strict'
import { DEFAULT_POLICY } from '../../src/domain/policy.ts'
import { BREAK_MS, NEVER, noShowsNotBefore, saidAgain, unbrokenSince, type Presence } from '../../src/domain/served.ts'
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import { at } from '../harness/office.ts'

/** Said every two seconds from one moment to another. */
function saidFrom (presence: Presence, from: number, to: number): Presence {
  let said = presence
  for (let now = from; now <= to; now += 2 * SECOND) said = saidAgain(said, now)
  return said
}

/** Since seven o'clock without a break. */
const MORNING = saidFrom(NEVER, at('07:00'), at('09:00'))

test('what is said again and again is so since it was said first', async () => {
  assert.deepEqual(MORNING, { goneAt: 0, backAt: at('07:00'), lastAt: at('09:00') })
  assert.equal(unbrokenSince(MORNING, at('09:00') + BREAK_MS), at('07:00'))
})

test('a break lasts until it is said again', async () => {
  assert.equal(unbrokenSince(MORNING, at('09:10')), at('09:10'))
  const back = saidAgain(MORNING, at('09:20'))
  assert.deepEqual(back, { goneAt: at('09:00'), backAt: at('09:20'), lastAt: at('09:20') })
  assert.equal(unbrokenSince(back, at('09:20')), at('09:20'))
})

test('a short silence is no break', async () => {
  assert.equal(saidAgain(MORNING, at('09:00') + BREAK_MS).backAt, at('07:00'))
  assert.equal(saidAgain(MORNING, at('09:00') + BREAK_MS + 1).backAt, at('09:00') + BREAK_MS + 1)
})

test('a clock that is set back counts as a break, since nobody knows how long it was', async () => {
  assert.equal(saidAgain(MORNING, at('08:00')).backAt, at('08:00'))
  assert.equal(saidAgain(MORNING, at('09:00') - SECOND).lastAt, at('09:00'))
})

test('nobody is a no-show before everyone has had their grace since people were served again (INV-9)', async () => {
  const served = saidAgain(MORNING, at('09:20'))
  assert.equal(noShowsNotBefore(at('09:21'), DEFAULT_POLICY, MORNING, NEVER), at('09:36'), 'in the break')
  assert.equal(noShowsNotBefore(at('09:20') + SECOND, DEFAULT_POLICY, served, NEVER), at('09:35'))
})

test('a site where no kiosk was ever seen is not cut off', async () => {
  const served = saidFrom(MORNING, at('09:00'), at('12:00'))
  assert.equal(noShowsNotBefore(at('12:00'), DEFAULT_POLICY, served, NEVER), at('07:15'))
})

test('a site is cut off while all its kiosks are gone, and everyone has their grace once one is back (INV-9)', async () => {
  const served = saidFrom(MORNING, at('09:00'), at('11:00'))
  assert.equal(noShowsNotBefore(at('09:30'), DEFAULT_POLICY, served, MORNING), at('09:45'))
  assert.equal(noShowsNotBefore(at('09:41'), DEFAULT_POLICY, served, saidFrom(MORNING, at('09:40'), at('09:41'))), at('09:55'))
})

test('a site is cut off for an hour at most, whether its kiosks come back or not', async () => {
  const served = saidFrom(MORNING, at('09:00'), at('13:00'))
  assert.equal(noShowsNotBefore(at('11:00'), DEFAULT_POLICY, served, MORNING), at('10:15'))
  assert.equal(noShowsNotBefore(at('13:00'), DEFAULT_POLICY, served, saidAgain(MORNING, at('13:00'))), at('10:15'))
})

test('a policy says how long a site is cut off at most', async () => {
  const served = saidFrom(MORNING, at('09:00'), at('11:00'))
  assert.equal(noShowsNotBefore(at('11:00'), { ...DEFAULT_POLICY, cutOffMs: 5 * MINUTE }, served, MORNING), at('09:20'))
  assert.equal(noShowsNotBefore(at('11:00'), { ...DEFAULT_POLICY, cutOffMs: 0 }, served, MORNING), at('09:15'))
  assert.equal(noShowsNotBefore(at('11:00'), { ...DEFAULT_POLICY, cutOffMs: 24 * HOUR }, served, MORNING), at('11:15'))
})

test('who was given a grace by a policy that knows none now has one after a break, too (INV-9)', async () => {
  assert.equal(noShowsNotBefore(at('09:20') + SECOND, { ...DEFAULT_POLICY, releaseGraceMs: null }, saidAgain(MORNING, at('09:20')), NEVER), at('09:35'))
})
