import assert from 'node:assert/strict'
import { test } from 'tap'
import { PerchError } from '../../src/client/index.ts'
import { roomFor } from '../../src/web/display/room.ts'
import { shiftAt } from '../../src/web/display/shift.ts'
import { reloadMs } from '../../src/web/live/crash-watch.ts'
import { parseKept, shownMs } from '../../src/web/live/device.ts'
import { insist, waitMs } from '../../src/web/live/insist.ts'
import { assetsOf, isAnother } from '../../src/web/live/new-build.ts'

const PAGE = '<script type="module" crossorigin src="/assets/display-ab12.js"></script><link rel="stylesheet" href="/assets/display-cd34.css">'
const DEVICE = { id: 'd1', name: 'Lobby', role: 'display', site: 'hq', floor: 'hq-3', point: [40, 22] }

test('a page that names other files is another build, and one that names none is none of ours', async () => {
  const loaded = assetsOf(PAGE)
  assert.deepEqual([...loaded], ['display-ab12.js', 'display-cd34.css'])
  assert.equal(isAnother(PAGE, loaded), false)
  assert.equal(isAnother(PAGE.replace('cd34', 'ef56'), loaded), true)
  assert.equal(isAnother('<h1>Guest network: please sign in</h1>', loaded), false)
})

test('what a device has kept of itself is read', async () => {
  assert.deepEqual(parseKept(JSON.stringify({ device: DEVICE, token: 't' })), { state: 'paired', device: DEVICE, token: 't' })
})

test('whatever else stands there is as nothing', async () => {
  const kept = [null, '', '{', 'null', '7', '[]', '{}', JSON.stringify({ device: DEVICE }), JSON.stringify({ device: { ...DEVICE, site: undefined }, token: 't' }), JSON.stringify({ device: { ...DEVICE, point: 3 }, token: 't' }), JSON.stringify({ device: null, token: 't' })]
  for (const text of kept) assert.deepEqual(parseKept(text), { state: 'beginning' }, String(text))
})

test('a code is shown until shortly before its end, however wrong this device\'s clock is', async () => {
  assert.deepEqual([600_000, 300_000, 20_000, -3_600_000, 86_400_000, NaN].map(shownMs), [570_000, 270_000, 10_000, 570_000, 570_000, 570_000])
})

test('attempts wait longer each time, up to a minute, and never all at once', async () => {
  assert.deepEqual([waitMs(0, () => 1), waitMs(3, () => 1), waitMs(30, () => 1), waitMs(30, () => 0)], [1_500, 8_500, 60_500, 500])
})

test('what may work later is tried again, and what will not is said', async () => {
  const signal = AbortSignal.timeout(10_000)
  let calls = 0
  const failing = (retry: boolean) => async (): Promise<string> => {
    if (calls++ === 0) throw new PerchError({ code: 'NOT_CONNECTED', message: 'no', retry })
    return 'there'
  }
  const told: string[] = []
  assert.equal(await insist(failing(true), signal, () => told.push('failed')), 'there')
  assert.deepEqual(told, ['failed'])
  calls = 0
  await assert.rejects(insist(failing(false), signal), { code: 'NOT_CONNECTED' })
})

test('a page that breaks at once comes back later each time', async () => {
  assert.deepEqual([0, 1, 2, 20].map(reloadMs), [5_000, 10_000, 20_000, 300_000])
})

test('over a day the picture stands in many places, in none of them for long, and moves by small steps', async () => {
  const places = Array.from({ length: 480 }, (_, i) => shiftAt(i * 180_000))
  const counts = new Map<string, number>()
  for (const { x, y } of places) counts.set(`${x} ${y}`, (counts.get(`${x} ${y}`) ?? 0) + 1)
  assert.equal(counts.size, 25)
  assert.ok(Math.max(...counts.values()) < 0.1 * places.length)
  assert.ok(places.every(({ x, y }, i) => i === 0 || Math.hypot(x - (places[i - 1]?.x ?? 0), y - (places[i - 1]?.y ?? 0)) < 0.75))
})

test('zones have the room that floors leave them', async () => {
  const rows = (whole: number, lines: number): boolean[] => [...Array<boolean>(whole).fill(true), ...Array<boolean>(lines).fill(false)]
  assert.deepEqual([rows(1, 0), rows(6, 1), rows(8, 0), rows(30, 0)].map(floors => roomFor(false, floors).zonesAtMost), [6, 3, 2, 2])
  assert.equal(roomFor(true, rows(6, 1)).zonesAtMost, 4)
})
