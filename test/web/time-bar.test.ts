import assert from 'node:assert/strict'
import { test } from 'tap'
import { barOf, defaultWish, movedFrom, movedTo, stillWished, wishAt, type BarParts } from '../../src/web/map/time-bar.ts'

const at = (text: string): number => Date.parse(`2026-03-03T${text}:00Z`)
const POLICY = { longestStayMs: 31 * 86_400_000 }
const FREE = { status: 'free', since: '2026-03-03T06:00:00Z' }
const bar = (parts: Partial<BarParts> = {}) => barOf({ shown: { from: at('08:00'), to: at('18:00') }, now: at('09:07'), view: FREE, mine: [], today: true, ...parts })

test('a free space is wished for from now until closing time', async () => {
  assert.deepEqual(defaultWish(bar(), POLICY), { from: null, to: at('18:00') })
})

test('a wish ends where the next claim begins, to the second', async () => {
  assert.deepEqual(defaultWish(bar({ view: { ...FREE, next: '2026-03-03T14:10:00Z' } }), POLICY), { from: null, to: at('14:10') })
})

test('a wish is no longer than the policy lets a claim be', async () => {
  assert.deepEqual(defaultWish(bar(), { longestStayMs: 3_600_000 }), { from: null, to: at('10:07') })
})

test('a space that is taken is wished for from the next quarter of an hour on', async () => {
  const taken = bar({ view: { status: 'occupied', since: '2026-03-03T08:30:00Z', until: '2026-03-03T11:20:00Z' } })
  assert.deepEqual(defaultWish(taken, POLICY), { from: at('11:30'), to: at('18:00') })
})

test('what a sensor alone says takes no time away', async () => {
  assert.deepEqual(defaultWish(bar({ view: { status: 'occupied', since: '2026-03-03T08:30:00Z', by: 'reading' } }), POLICY), { from: null, to: at('18:00') })
})

test('a space that is out of service without an end leaves nothing of the day', async () => {
  assert.equal(defaultWish(bar({ view: { status: 'blocked', since: '2026-03-03T08:30:00Z' } }), POLICY), null)
})

test('after the next claim it is only perhaps taken, and may be asked for by the hour', async () => {
  const known = bar({ view: { ...FREE, next: '2026-03-03T10:00:00Z' } })
  assert.deepEqual(known.parts.map(({ kind }) => kind), ['taken', 'perhaps'])
  assert.deepEqual(wishAt(known, at('13:00'), POLICY), { from: at('13:00'), to: at('14:00') })
})

test('one\'s own claim is not somebody else\'s', async () => {
  const own = bar({ view: { ...FREE, next: '2026-03-03T10:00:00Z' }, mine: [{ from: '2026-03-03T10:00:00Z', to: '2026-03-03T12:00:00Z' }] })
  assert.deepEqual(own.parts.map(({ kind, from, to }) => [kind, from, to]), [['mine', at('10:00'), at('12:00')], ['perhaps', at('12:00'), at('18:00')]])
})

test('where others\' claims may be seen nothing is only perhaps so', async () => {
  const seen = bar({ known: [{ from: '2026-03-03T10:00:00Z', to: '2026-03-03T11:00:00Z' }] })
  assert.deepEqual(seen.gaps, [{ from: at('09:07'), to: at('10:00') }, { from: at('11:00'), to: at('18:00') }])
})

test('another day than today says nothing of what is taken', async () => {
  assert.deepEqual(bar({ today: false, view: { ...FREE, next: '2026-03-03T10:00:00Z' } }).parts, [])
})

test('the beginning moves in quarters of an hour, and back to now', async () => {
  const wish = { from: null, to: at('18:00') }
  const later = movedFrom(bar(), wish, at('13:20'))
  assert.deepEqual(later, { from: at('13:15'), to: at('18:00') })
  assert.deepEqual(movedFrom(bar(), later, at('09:00')), wish)
})

test('the beginning stays before the end, and the end behind the beginning', async () => {
  assert.deepEqual(movedFrom(bar(), { from: at('10:00'), to: at('11:00') }, at('17:00')), { from: at('10:45'), to: at('11:00') })
  assert.deepEqual(movedTo(bar(), { from: at('10:00'), to: at('11:00') }, at('08:00'), POLICY), { from: at('10:00'), to: at('10:15') })
})

test('the end stops where somebody else begins', async () => {
  assert.equal(movedTo(bar({ view: { ...FREE, next: '2026-03-03T14:10:00Z' } }), { from: null, to: at('12:00') }, at('17:00'), POLICY).to, at('14:10'))
})

test('what was wished for stays while it can be had, and is shortened when somebody comes between', async () => {
  const wish = { from: at('10:00'), to: at('16:00') }
  assert.deepEqual(stillWished(bar(), wish, POLICY), wish)
  assert.deepEqual(stillWished(bar({ view: { ...FREE, next: '2026-03-03T14:10:00Z' } }), wish, POLICY), { from: at('10:00'), to: at('14:10') })
})

test('a wish that has begun without being asked for becomes one from now on', async () => {
  assert.deepEqual(stillWished(bar(), { from: at('09:00'), to: at('10:00') }, POLICY), { from: null, to: at('18:00') })
})
