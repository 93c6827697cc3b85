import type { PoolClient } from 'pg'
import { PerchError } from '../../domain/errors.ts'
import type { FloorId, OrgId, SpaceId } from '../../domain/ids.ts'
import type { Floor } from '../../domain/plan.ts'
import type { FloorSummary, StoredFloor } from '../../application/directory.ts'
import { putSpaces, putZones } from './spaces.ts'
import { transaction, type Db } from './transaction.ts'

const FIND = `
select f.id, f.site, f.name, f.level, f.plan, f.revision,
  (select coalesce(jsonb_agg(jsonb_build_object('id', z.id, 'name', z.name, 'for', z.eligible) order by z.position), '[]')
    from perch.zones z where z.org = f.org and z.floor = f.id) as zones,
  (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'label', s.label, 'kind', s.kind, 'zone', s.zone, 'features', s.features, 'for', s.eligible,
      'sensorOnly', s.sensor_only) order by s.position), '[]')
    from perch.spaces s where s.org = f.org and s.floor = f.id and not s.removed) as spaces,
  array(select s.id from perch.spaces s where s.org = f.org and s.floor = f.id and s.removed order by s.id) as removed
from perch.floors f where f.org = $1 and f.id = $2`

export async function findFloor (db: Db, org: OrgId, floor: FloorId): Promise<StoredFloor | null> {
  const { rows: [row] } = await db.query<StoredFloor>(FIND, [org, floor])
  return row ?? null
}

export async function listFloors (db: Db, org: OrgId): Promise<FloorSummary[]> {
  const { rows } = await db.query<FloorSummary>(`
    select f.id, f.site, f.name, f.level, f.revision,
      (select count(*)::integer from perch.spaces s where s.org = f.org and s.floor = f.id and not s.removed) as spaces
    from perch.floors f where f.org = $1 order by f.site, f.level, f.id`, [org])
  return rows
}

export async function putFloor (db: Db, org: OrgId, floor: Floor, revision: number): Promise<StoredFloor> {
  return await transaction(db, async client => {
    if (!await putHead(client, org, floor, revision)) throw new PerchError('PLAN_CHANGED')
    await putZones(client, org, floor.id, floor.zones)
    await putSpaces(client, org, floor.id, floor.spaces)
    const stored = await findFloor(client, org, floor.id)
    if (stored === null) throw new TypeError('a floor that was written is there')
    return stored
  })
}

/** The row of the floor itself, which then stays locked: whoever else changes the floor waits, and finds another revision. False: the revision is not the one given. */
async function putHead (client: PoolClient, org: OrgId, { id, site, name, level, plan }: Floor, revision: number): Promise<boolean> {
  const values = [org, id, site, name, level, JSON.stringify(plan)]
  const { rowCount } = revision === 0
    ? await client.query(`
      insert into perch.floors (org, id, site, name, level, plan, revision) values ($1, $2, $3, $4, $5, $6, 1) on conflict do nothing`, values)
    : await client.query(`
      update perch.floors set site = $3, name = $4, level = $5, plan = $6, revision = revision + 1 where org = $1 and id = $2 and revision = $7`, [...values, revision])
  return rowCount === 1
}

export async function floorsOf (db: Db, org: OrgId, spaces: readonly SpaceId[]): Promise<Map<SpaceId, FloorId>> {
  const { rows } = await db.query<{ id: SpaceId, floor: FloorId }>('select id, floor from perch.spaces where org = $1 and id = any ($2)', [org, spaces])
  return new Map(rows.map(({ id, floor }) => [id, floor]))
}
