import type { PoolClient } from 'pg'
import { PerchError } from '../../domain/errors.ts'
import type { FloorId, OrgId } from '../../domain/ids.ts'
import type { Space, Zone } from '../../domain/plan.ts'
import type { Eligible } from '../../domain/space.ts'
import { columnwise, unnest } from './unnest.ts'

const ZONES = { id: 'text', name: 'text', eligible: 'jsonb', position: 'int4' } as const

/** `features` is a JSON list: an array of arrays would have to be a rectangle. */
const SPACES = { id: 'text', label: 'text', kind: 'text', zone: 'text', features: 'jsonb', eligible: 'jsonb', sensor_only: 'bool', position: 'int4' } as const

const eligibleOf = (who: Eligible | null): string | null => who === null ? null : JSON.stringify(who)

/** Exactly these zones are on the floor afterwards. @throws PLAN_INVALID when one is given twice */
export async function putZones (client: PoolClient, org: OrgId, floor: FloorId, zones: readonly Zone[]): Promise<void> {
  const rows = distinct(zones).map(({ id, name, for: who }, position) => ({ id, name, eligible: eligibleOf(who), position }))
  await client.query('delete from perch.zones where org = $1 and floor = $2 and id <> all ($3)', [org, floor, zones.map(zone => zone.id)])
  await client.query(`
    insert into perch.zones (org, floor, id, name, eligible, position)
    select $1, $2, u.* from ${unnest(ZONES, 3)}
    on conflict (org, floor, id) do update set name = excluded.name, eligible = excluded.eligible, position = excluded.position`, [org, floor, ...columnwise(ZONES, rows)])
}

/**
 * Exactly these spaces are on the floor afterwards, the others that were are marked removed.
 * @throws PLAN_INVALID when one is given twice, belongs to another floor (`spaces` names those), or names a zone that is not there
 */
export async function putSpaces (client: PoolClient, org: OrgId, floor: FloorId, spaces: readonly Space[]): Promise<void> {
  const rows = distinct(spaces).map((space, position) => ({
    id: space.id,
    label: space.label,
    kind: space.kind,
    zone: space.zone,
    features: JSON.stringify(space.features),
    eligible: eligibleOf(space.for),
    sensor_only: space.sensorOnly,
    position
  }))
  const { rows: put } = await client.query<{ id: string }>(`
    insert into perch.spaces as s (org, floor, id, label, kind, zone, features, eligible, sensor_only, position)
    select $1, $2, u.id, u.label, u.kind, u.zone, array(select jsonb_array_elements_text(u.features)), u.eligible, u.sensor_only, u.position
    from ${unnest(SPACES, 3)}
    order by u.id
    on conflict (org, id) do update set label = excluded.label, kind = excluded.kind, zone = excluded.zone, features = excluded.features, eligible = excluded.eligible,
      sensor_only = excluded.sensor_only, position = excluded.position, removed = false
    where s.floor = excluded.floor
    returning s.id`, [org, floor, ...columnwise(SPACES, rows)])
  if (put.length < spaces.length) {
    const done = new Set(put.map(row => row.id))
    throw new PerchError('PLAN_INVALID', { reason: 'these spaces belong to another floor', spaces: spaces.map(space => space.id).filter(id => !done.has(id)) })
  }
  await client.query('update perch.spaces set removed = true where org = $1 and floor = $2 and not removed and id <> all ($3)', [org, floor, spaces.map(space => space.id)])
}

function distinct<T extends { id: string }> (things: readonly T[]): readonly T[] {
  const seen = new Set<string>()
  for (const { id } of things) {
    if (seen.has(id)) throw new PerchError('PLAN_INVALID', { reason: 'an id is there twice', id })
    seen.add(id)
  }
  return things
}
