import assert from 'node:assert/strict'
import { test } from 'tap'
import type { Space } from '../../src/client/index.ts'
import type { FloorView } from '../../src/protocol/plan.ts'
import { nearestFree } from '../../src/web/kiosk/nearest.ts'
import { shapesOf } from '../../src/web/plan/shapes.ts'

type Desk = Partial<FloorView['spaces'][number]> & { id: string }

/** Desks of one metre in a row, the first at x = 0, one every two metres. */
function row (desks: readonly Desk[]): FloorView {
  return {
    id: 'f1',
    site: 'hq',
    name: 'One',
    level: 1,
    revision: 1,
    zones: [{ id: 'open', name: 'Open' }, { id: 'lab', name: 'Lab', for: { groups: ['lab'] } }],
    spaces: desks.map(desk => ({ label: desk.id, kind: 'desk', zone: 'open', features: [], for: null, sensorOnly: false, ...desk })),
    plan: {
      type: 'FeatureCollection',
      features: desks.map(({ id }, i) => ({
        type: 'Feature',
        geometry: { type: 'Polygon', coordinates: [[[2 * i, 4], [2 * i + 1, 4], [2 * i + 1, 5], [2 * i, 5], [2 * i, 4]]] },
        properties: { space: id }
      }))
    }
  }
}

function found (floor: FloorView, states: Readonly<Record<string, Partial<Space>>>, point: readonly [number, number] | null): Array<[string, number | null]> {
  const statusOf = (id: string): Space => ({ id, status: 'free', since: '2026-03-02T08:00:00Z', ...states[id] })
  return nearestFree(floor, shapesOf(floor), statusOf, point).map(({ space, distance }) => [space.id, distance])
}

test('free desks come by how far they are from the kiosk, in metres of the plan', async () => {
  const floor = row([{ id: 'd1' }, { id: 'd2' }, { id: 'd3' }])
  assert.deepEqual(found(floor, {}, [4.5, 1.5]), [['d3', 3], ['d2', Math.hypot(2, 3)], ['d1', Math.hypot(4, 3)]])
})

test('where nobody said where it stands they come by label, as people count', async () => {
  assert.deepEqual(found(row([{ id: 'd10' }, { id: 'd9' }]), {}, null), [['d9', null], ['d10', null]])
})

test('no desk is offered that is taken, free for a moment only, asked for already, kept for some, or a sensor\'s', async () => {
  const floor = row([
    { id: 'taken' }, { id: 'brief' }, { id: 'asked' }, { id: 'kept', for: { people: ['anna'] } }, { id: 'lab', zone: 'lab' }, { id: 'sensor', sensorOnly: true },
    { id: 'room', kind: 'room' }, { id: 'good' }
  ])
  const states = { taken: { status: 'occupied' }, brief: { brief: true }, asked: { pending: 'claim' } } as const
  assert.deepEqual(found(floor, states, [0, 0]).map(([id]) => id), ['good'])
})
