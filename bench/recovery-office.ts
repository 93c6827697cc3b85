import type { Pool } from 'pg'
import { shardOf, SHARDS } from '../src/domain/ids.ts'

/** So many spaces of each floor, which is no more than a floor may have. */
const SPACES_PER_FLOOR = 1_000

export interface Town {
  orgs: readonly string[]
  spaces: number
  claims: number
}

/**
 * Fills a migrated database with orgs of as many spaces in all, each with a person of its own who holds `each` claims of an hour there, one a day from tomorrow on; as if a recorder had
 * stored all of it. The claims' constraints and the indexes for questions are taken off for that: a million rows would take minutes, and recovery has no use for them.
 */
export async function furnish (pool: Pool, orgs: readonly string[], spaces: number, each: number): Promise<Town> {
  await pool.query('alter table perch.claims drop constraint if exists claims_space_free, drop constraint if exists claims_person_free')
  await pool.query('drop index perch.claims_person, perch.claims_space, perch.claims_floor')
  const perOrg = Math.floor(spaces / orgs.length)
  const floors = Math.ceil(perOrg / SPACES_PER_FLOOR)
  for (const org of orgs) {
    await pool.query('insert into perch.orgs (org, name, shard, policy, policy_revision) values ($1, $1, $2, \'{}\', 1)', [org, shardOf(org)])
    await pool.query('insert into perch.sites (org, id, name, zone, hours, policy) values ($1, \'hq\', \'HQ\', \'UTC\', null, \'{}\')', [org])
    await pool.query(`insert into perch.floors (org, id, site, name, level, plan, revision)
      select $1, 'f' || f, 'hq', 'f' || f, 0, '{"type":"FeatureCollection","features":[]}', 1 from generate_series(0, $2::int - 1) f`, [org, floors])
    await pool.query(`insert into perch.spaces (org, floor, id, label, kind, zone, features, eligible, sensor_only, position)
      select $1, 'f' || s / $3::int, 's' || s, 's' || s, 'desk', null, '{}', null, false, s % $3::int from generate_series(0, $2::int - 1) s`, [org, perOrg, SPACES_PER_FLOOR])
    await pool.query('insert into perch.people (org, id, name, visibility) select $1, \'p\' || s, \'Person \' || s, \'everyone\' from generate_series(0, $2::int - 1) s', [org, perOrg])
    await pool.query('insert into perch.floor_seqs (org, floor, shard, seq) select $1, \'f\' || f, $3, 1 from generate_series(0, $2::int - 1) f', [org, floors, shardOf(org)])
    await pool.query(`insert into perch.claims (org, id, space, floor, kind, person, by, from_at, to_at, created_at, sole, state, release_at, hash)
      select $1, (substr(ms, 1, 8) || '-' || substr(ms, 9, 4) || '-7000-8' || lpad(to_hex(c), 3, '0') || '-' || lpad(to_hex(s), 12, '0'))::uuid,
        's' || s, 'f' || s / $4::int, 'desk', 'p' || s, 'p' || s, day, day + interval '1 hour', now(), true, 'booked', day + interval '15 minutes', 'h'
      from generate_series(0, $2::int - 1) s, generate_series(0, $3::int - 1) c,
        lateral (select date_trunc('day', now()) + (c + 1) * interval '1 day' + interval '8 hours' as day) d,
        lateral (select lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') as ms) m`, [org, perOrg, each, SPACES_PER_FLOOR])
  }
  await pool.query('analyze')
  return { orgs, spaces: perOrg * orgs.length, claims: perOrg * orgs.length * each }
}

/** One org for each of so many shards. */
export function orgsOfShards (count: number): string[] {
  const orgs = new Map<number, string>()
  for (let i = 0; orgs.size < Math.min(count, SHARDS); i++) orgs.set(shardOf(`org${i}`), `org${i}`)
  return [...orgs.values()]
}
