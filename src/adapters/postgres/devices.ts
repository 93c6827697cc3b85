import type { Pool } from 'pg'
import type { AuditNote } from '../../application/audit.ts'
import { DEVICES_PER_ORG, ENDED_DEVICES_PER_ORG, SEEN_GRAIN_MS, type Device, type DeviceChange, type DeviceCount, type DeviceId, type DeviceReport, type Devices } from '../../application/devices.ts'
import type { DeviceHealth } from '../../domain/device.ts'
import { PerchError } from '../../domain/errors.ts'
import type { OrgId, SiteId } from '../../domain/ids.ts'
import { impersonal, personIn } from '../../domain/nobody.ts'
import type { Millis } from '../../domain/time.ts'
import { writeNotes } from './audit.ts'
import { translated } from './failure.ts'
import { servedOn, type ServingRole } from './serving.ts'
import { dayOf, ensureSubjects } from './subjects.ts'
import { transaction, type Db } from './transaction.ts'

/** Devices over a migrated database. The pool stays the caller's, who ends it. */
export function createDevices (pool: Pool, role: ServingRole = null): Devices {
  const ofOrg = servedOn(pool, role)
  return {
    devices: async (org, site) => await translated(async () => await ofOrg(org, async db => await listDevices(db, org, site))),
    device: async (org, id) => await translated(async () => await ofOrg(org, async db => await findDevice(db, org, id))),
    addDevice: async (device, hash, note) => await translated(async () => await ofOrg(device.org, async db => await addDevice(db, device, hash, note))),
    changeDevice: async (org, id, change, note) => await translated(async () => await ofOrg(org, async db => await changeDevice(db, org, id, change, note))),
    cutOffDevice: async (org, id, at, note) => await translated(async () => await ofOrg(org, async db => await cutOffDevice(db, org, id, at, note))),
    reportDevice: async (org, id, report, at) => { await translated(async () => await ofOrg(org, async db => await reportDevice(db, org, id, report, at))) },
    countDevices: async seenAfter => await translated(async () => await countDevices(pool, seenAfter))
  }
}

interface Row extends Omit<Device, 'point' | 'report'> {
  x: number | null
  y: number | null
  version: string | null
  health: DeviceHealth | null
}

const FIND = `
select d.id, d.org, d.name, d.role, d.site, d.floor, d.x, d.y, d.created_at as "createdAt", case when s.person is null then d.by else 'person:' || s.person end as "createdBy",
  d.last_seen as "lastSeenAt", d.version, d.health
from perch.devices d left join perch.subjects s on s.org = d.org and s.subject = d.by_subject
where d.org = $1 and d.revoked_at is null`

async function listDevices (db: Db, org: OrgId, site: SiteId | null): Promise<Device[]> {
  const { rows } = await db.query<Row>(`${FIND} and ($2::text is null or d.site = $2) order by d.name, d.id`, [org, site])
  return rows.map(deviceOf)
}

async function findDevice (db: Db, org: OrgId, id: DeviceId): Promise<Device | null> {
  const { rows: [row] } = await db.query<Row>(`${FIND} and d.id = $2`, [org, id])
  return row === undefined ? null : deviceOf(row)
}

function deviceOf ({ x, y, version, health, ...row }: Row): Device {
  return { ...row, point: x === null || y === null ? null : [x, y], report: version === null || health === null ? null : { version, health } }
}

const ADD = `
insert into perch.devices (org, id, name, role, site, floor, x, y, hash, created_at, by, by_subject)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, perch.moment($10), $11, (select subject from perch.subjects where org = $1 and person = $12 and day = $13))
on conflict do nothing`

async function addDevice (db: Db, device: Device, hash: string, note: AuditNote): Promise<boolean> {
  const { org, id, name, role, site, floor, point, createdAt, createdBy } = device
  return await transaction(db, async client => {
    // One at a time within an org, or two at once would both find room for one more.
    await client.query("select pg_advisory_xact_lock(hashtextextended('perch.devices ' || $1, 0))", [org])
    await client.query(`
      delete from perch.devices where org = $1 and id in (select id from perch.devices where org = $1 and revoked_at is not null order by revoked_at desc offset $2)`, [org, ENDED_DEVICES_PER_ORG])
    const { rows: [row] } = await client.query<{ n: number }>('select count(*)::integer as n from perch.devices where org = $1 and revoked_at is null', [org])
    if ((row?.n ?? 0) >= DEVICES_PER_ORG) throw new PerchError('RATE_LIMITED', { devices: DEVICES_PER_ORG })
    const person = personIn(createdBy)
    await ensureSubjects(client, org, person === null ? [] : [person], dayOf(createdAt))
    const { rowCount } = await client.query(ADD, [org, id, name, role, site, floor, point?.[0], point?.[1], hash, createdAt, impersonal(createdBy), person, dayOf(createdAt)])
    if (rowCount !== 1) return false
    await writeNotes(client, org, [note])
    return true
  })
}

async function changeDevice (db: Db, org: OrgId, id: DeviceId, change: DeviceChange, note: AuditNote): Promise<Device | null> {
  return await transaction(db, async client => {
    const { rowCount } = await client.query(`
      update perch.devices set name = coalesce($3, name), floor = case when $4 then $5 else floor end, x = case when $6 then $7 else x end, y = case when $6 then $8 else y end
      where org = $1 and id = $2 and revoked_at is null`,
    [org, id, change.name, change.floor !== undefined, change.floor, change.point !== undefined, change.point?.[0], change.point?.[1]])
    if (rowCount !== 1) return null
    await writeNotes(client, org, [note])
    return await findDevice(client, org, id)
  })
}

async function cutOffDevice (db: Db, org: OrgId, id: DeviceId, at: Millis, note: AuditNote): Promise<boolean> {
  return await transaction(db, async client => {
    const { rowCount } = await client.query('update perch.devices set revoked_at = perch.moment($3) where org = $1 and id = $2 and revoked_at is null', [org, id, at])
    if (rowCount !== 1) return false
    await writeNotes(client, org, [note])
    return true
  })
}

async function reportDevice (db: Db, org: OrgId, id: DeviceId, { version, health }: DeviceReport, at: Millis): Promise<void> {
  await db.query(`
    update perch.devices set version = $3, health = $4, reported_at = perch.moment($5), last_seen = greatest(last_seen, perch.moment($6))
    where org = $1 and id = $2 and revoked_at is null and (reported_at is null or reported_at <= perch.moment($7))`,
  [org, id, version, health, at, at - at % SEEN_GRAIN_MS, at - SEEN_GRAIN_MS])
}

async function countDevices (pool: Pool, seenAfter: Millis): Promise<DeviceCount[]> {
  const { rows } = await pool.query<DeviceCount>(`
    select role, count(*) filter (where last_seen > perch.moment($1))::integer as online, count(*) filter (where last_seen is null or last_seen <= perch.moment($1))::integer as silent,
      count(*) filter (where last_seen > perch.moment($1) and health <> 'ok')::integer as unwell
    from perch.devices where revoked_at is null group by role order by role`, [seenAfter])
  return rows
}
