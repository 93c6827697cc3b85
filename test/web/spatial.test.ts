import assert from 'node:assert/strict'
import { test } from 'tap'
import { firstOf, nextIn } from '../../src/web/map/spatial.ts'
import type { SpaceShape } from '../../src/web/plan/shapes.ts'

const desk = (id: string, x: number, y: number): SpaceShape => ({ id, label: id, kind: 'desk', zone: null, features: [], box: { x, y, width: 1.6, height: 0.8 }, path: null })
/** Two blocks of two rows, the second somewhat lower and far to the right. */
const DESKS = [desk('a1', 0, 0), desk('a2', 1.6, 0), desk('b1', 0, 0.8), desk('b2', 1.6, 0.8), desk('c1', 10, 0.3), desk('c2', 11.6, 0.3)]
const from = (id: string, ...way: Array<'left' | 'right' | 'up' | 'down'>): string | undefined =>
  way.reduce<SpaceShape | undefined>((at, direction) => at === undefined ? undefined : nextIn(DESKS, at, direction) ?? undefined, DESKS.find(desk => desk.id === id))?.id

test('arrows follow a row to its end, and on to the next block', async () => {
  assert.equal(from('a1', 'right'), 'a2')
  assert.equal(from('a1', 'right', 'right'), 'c1')
  assert.equal(from('c1', 'left'), 'a2')
})

test('arrows go up and down between rows that face each other', async () => {
  assert.equal(from('a2', 'down'), 'b2')
  assert.equal(from('b1', 'up'), 'a1')
})

test('beyond the last one there is nothing', async () => {
  assert.equal(from('c2', 'right'), undefined)
  assert.equal(from('a1', 'up'), undefined)
})

test('from anywhere every space can be reached', async () => {
  const reached = new Set(['a1'])
  for (const id of reached) for (const direction of ['left', 'right', 'up', 'down'] as const) reached.add(from(id, direction) ?? id)
  assert.equal(reached.size, DESKS.length)
})

test('whoever comes by keyboard begins where reading begins', async () => {
  assert.equal(firstOf(DESKS)?.id, 'a1')
  assert.equal(firstOf([]), null)
})
