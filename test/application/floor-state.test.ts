import { test } from 'tap'
import assert from 'node:assert/strict'
import { diffFrame, snapshotFrame } from '../../src/application/floor-frames.ts'
import { FloorState } from '../../src/application/floor-state.ts'
import { noCounts, tally } from '../../src/domain/counts.ts'
import { countsAfter } from '../harness/counts-after.ts'
import type { SpaceRecord } from '../../src/domain/space.ts'
import { desk, heldBy } from '../harness/floors.ts'
import { seeded } from '../harness/random.ts'

const F = 'hq-1'
const taken = (space: string, more: Partial<SpaceRecord> = {}) => desk(F, { current: heldBy('ada', space, F), ...more })
const idsOf = (frame: { text: string } | null) => frame === null ? null : (JSON.parse(frame.text) as { spaces: Array<{ id: string }> }).spaces.map(({ id }) => id)

function threeDesks (): FloorState {
  const plan = { record: { site: 'hq', plan: 4, policy: 1, name: F, spaces: ['a', 'b', 'c'], smallZone: 1, displayNames: false }, version: 10 }
  return new FloorState({ epoch: 7, seq: 12 }, plan, [['c', { record: desk(F), version: 12 }], ['a', { record: desk(F), version: 10 }], ['b', { record: desk(F), version: 11 }]])
}

test('a diff holds the spaces that changed after its position, each once however often it changed', async () => {
  const state = threeDesks()
  for (let i = 0; i < 50; i++) state.apply(13 + i, { spaces: [['a', i % 2 === 0 ? taken('a') : desk(F)]], floor: null })
  assert.deepEqual(idsOf(diffFrame(F, state, 'anonymous', 12)), ['a'])
  assert.deepEqual(idsOf(diffFrame(F, state, 'anonymous', 11)), ['a', 'c'])
  assert.deepEqual(idsOf(diffFrame(F, state, 'anonymous', 62)), [])
})

test('no diff is given from before the plan, nor from a position that does not exist yet', async () => {
  const state = threeDesks()
  assert.notEqual(diffFrame(F, state, 'anonymous', 10), null)
  assert.equal(diffFrame(F, state, 'anonymous', 9), null)
  assert.equal(diffFrame(F, state, 'anonymous', 13), null)
  assert.equal(state.apply(13, { spaces: [], floor: { site: 'hq', plan: 5, policy: 1, name: F, spaces: ['a', 'b', 'c'], smallZone: 1, displayNames: false } }), 'complete')
  assert.equal(diffFrame(F, state, 'anonymous', 12), null)
  assert.equal(JSON.parse(snapshotFrame(F, state, 'anonymous').text).plan, 5)
})

test('a removed space is gone in a diff, missing in a snapshot and in the counts', async () => {
  const state = threeDesks()
  state.apply(13, { spaces: [['b', desk(F, { removed: true })]], floor: null })
  const diff = JSON.parse(diffFrame(F, state, 'named', 12)?.text ?? '')
  assert.deepEqual([diff.spaces, diff.gone, diff.recount.free], [[], ['b'], 2])
  assert.deepEqual(idsOf(snapshotFrame(F, state, 'named')), ['a', 'c'])
})

test('a plan that names a space nobody has told of makes the state incomplete', async () => {
  const state = threeDesks()
  const plan = { site: 'hq', plan: 5, policy: 1, name: F, spaces: ['a', 'b', 'c', 'd'], smallZone: 1, displayNames: false }
  assert.equal(state.apply(13, { spaces: [], floor: plan }), 'incomplete')
  assert.equal(threeDesks().apply(13, { spaces: [['d', desk(F)]], floor: plan }), 'complete')
})

test('a commit that does not follow is refused', async () => {
  assert.throws(() => threeDesks().apply(14, { spaces: [], floor: null }), RangeError)
})

test('only the named audience gets occupants, and counts get no spaces at all (INV-7)', async () => {
  const state = threeDesks()
  state.apply(13, { spaces: [['a', taken('a')], ['b', desk(F, { current: heldBy('mallory', 'b', F, null) })]], floor: null })
  const texts = (audience: 'counts' | 'anonymous' | 'named') => [snapshotFrame(F, state, audience).text, diffFrame(F, state, audience, 12)?.text ?? '']
  for (const text of texts('named')) {
    assert.match(text, /"occupant":\{"id":"ada","name":"Name of ada"\}/)
    assert.doesNotMatch(text, /mallory/)
  }
  for (const text of texts('anonymous')) {
    assert.match(text, /"occupied"/)
    assert.doesNotMatch(text, /ada|mallory/)
  }
  for (const text of texts('counts')) {
    assert.match(text, /"spaces":\[\]/)
    assert.match(text, /"occupied":2/)
    assert.doesNotMatch(text, /ada|mallory|"a"/)
  }
})

test('a zone may be called constructor, and a zone without spaces is not told of', async () => {
  const state = threeDesks()
  state.apply(13, { spaces: [['a', desk(F, { zone: 'constructor' })]], floor: null })
  assert.equal(JSON.parse(state.countsText('named')).zones.constructor.free, 1)
  state.apply(14, { spaces: [['a', desk(F, { zone: 'east' })]], floor: null })
  assert.deepEqual(Object.keys(JSON.parse(state.countsText('named')).zones), ['east'])
})

test('a diff names the counts that changed, every count of a zone that is new, and all counts where a zone has gone', async () => {
  const state = threeDesks()
  const counted = (from: number) => {
    const { counts, recount } = JSON.parse(diffFrame(F, state, 'counts', from)?.text ?? '')
    return { counts, recount }
  }
  state.apply(13, { spaces: [['a', desk(F, { current: heldBy('ada', 'a', F) })]], floor: null })
  const at13 = counted(12)
  state.apply(14, { spaces: [['a', desk(F, { current: heldBy('bob', 'a', F) })]], floor: null })
  assert.deepEqual([counted(13), counted(12)], [{ counts: undefined, recount: undefined }, at13])
  state.apply(15, { spaces: [['b', desk(F, { zone: 'loft' })]], floor: null })
  assert.deepEqual(counted(14).recount.zones.loft, { ...noCounts(), free: 1 })
  state.apply(16, { spaces: [['b', desk(F, { zone: 'attic' })]], floor: null })
  assert.deepEqual(counted(15), { counts: JSON.parse(state.countsText('named')), recount: undefined })
  state.apply(17, { spaces: [['b', desk(F, { zone: 'attic', brief: true })]], floor: null })
  assert.deepEqual(counted(16), { counts: undefined, recount: { free: state.counts.free, freeBriefly: 1, zones: { attic: { free: 0, freeBriefly: 1 } } } })
})

test('before a floor was read it is not known which counts changed, so a diff has all', async () => {
  const state = threeDesks()
  assert.deepEqual(JSON.parse(diffFrame(F, state, 'counts', 11)?.text ?? '').counts, JSON.parse(state.countsText('named')))
  assert.equal(JSON.parse(diffFrame(F, state, 'counts', 12)?.text ?? '').counts, undefined)
})

test('after any changes counts are what counting anew gives, and every diff lands where the snapshot is', async () => {
  const random = seeded(20)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const ids = Array.from({ length: 12 }, (_, i) => `s${i}`)
  const plan = { record: { site: 'hq', plan: 1, policy: 1, name: F, spaces: ids, smallZone: 1, displayNames: false }, version: 0 }
  const state = new FloorState({ epoch: 1, seq: 0 }, plan, [])
  const seen = [JSON.parse(snapshotFrame(F, state, 'named').text)]
  for (let seq = 1; seq <= 300; seq++) {
    const change = () => {
      const id = pick(ids)
      const record = desk(F, {
        zone: pick([null, 'east', 'west']),
        removed: random() < 0.1,
        current: random() < 0.5 ? heldBy(pick(['ada', 'bob']), id, F) : null,
        block: random() < 0.1 ? { since: 0, until: null, reason: null, by: 'x' } : null,
        brief: random() < 0.3
      })
      return [id, record] as const
    }
    state.apply(seq, { spaces: [...new Map(Array.from({ length: Math.floor(random() * 4) }, change))], floor: null })
    seen.push(JSON.parse(snapshotFrame(F, state, 'named').text))
  }
  const counts = { ...noCounts(), zones: {} }
  for (const [, record] of state.spaces) tally(counts, record, 1)
  assert.deepEqual(JSON.parse(state.countsText('named')), JSON.parse(JSON.stringify(counts)))
  const last = seen.at(-1)
  const byId = (views: Array<{ id: string }>) => Object.fromEntries(views.map(view => [view.id, view]))
  for (const from of seen) {
    const diff = JSON.parse(diffFrame(F, state, 'named', from.seq)?.text ?? '')
    const views = byId([...from.spaces, ...diff.spaces])
    for (const id of diff.gone ?? []) delete views[id]
    assert.deepEqual(views, byId(last.spaces), `from ${from.seq}`)
    assert.deepEqual(countsAfter(from.counts, diff), last.counts)
  }
})
