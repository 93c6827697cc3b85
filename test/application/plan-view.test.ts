import assert from 'node:assert/strict'
import { test } from 'tap'
import { planFor } from '../../src/application/plan-view.ts'
import type { StoredFloor } from '../../src/application/directory.ts'
import { ROLES } from '../../src/domain/role.ts'
import { ADMIN } from '../stand-ins/building.ts'

const list = { people: ['ada', 'ben'], groups: ['crew'] }
const space = { id: 'd1', label: 'D1', kind: 'desk' as const, zone: 'hall', features: [], for: list, sensorOnly: false }
const FLOOR: StoredFloor = {
  id: 'f1', site: 'hq', name: 'F1', level: 0, plan: { type: 'FeatureCollection', features: [] }, revision: 1, removed: [], zones: [{ id: 'hall', name: 'Hall', for: list }], spaces: [space, { ...space, id: 'd2', for: null }]
}

test('whose a space is, is told to who may read people; everybody else finds themselves on the lists, and groups', async () => {
  for (const role of ROLES) {
    for (const person of ['ada', null]) {
      const { zones, spaces } = planFor({ ...ADMIN, role, person }, FLOOR)
      const people = role === 'admin' || role === 'manager' ? list.people : person === null ? [] : [person]
      assert.deepEqual([zones[0]?.for, spaces[0]?.for, spaces[1]?.for], [{ people, groups: ['crew'] }, { people, groups: ['crew'] }, null], role)
    }
  }
})
