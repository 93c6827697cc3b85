import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { createLedger } from '../../src/adapters/postgres/ledger.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { openPool } from '../../src/adapters/postgres/pool.ts'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import { openNode, type NodeWatch, type PerchNode } from '../../src/application/node.ts'
import type { Directory } from '../../src/application/directory.ts'
import type { Guard, Ledger, Store } from '../../src/application/ports.ts'
import type { Principal } from '../../src/application/principal.ts'
import { shardOf } from '../../src/domain/ids.ts'
import type { Floor } from '../../src/domain/plan.ts'
import type { Cleanup } from './cleanup.ts'
import { freshDatabase } from './postgres.ts'
import { sharedPostgres } from './shared-postgres.ts'
import { SILENT } from '../stand-ins/silent.ts'

export const ORG = 'demo'
export const SHARD = shardOf(ORG)

/** May do everything in the org. */
export const ADMIN: Principal = { org: ORG, id: 'key:admin', role: 'admin', person: null, site: null, expiresAt: null }

/** Grants to everybody: what must hold with it holds without any lock (INV-3). */
export const GRANTS_ALWAYS: Guard = { hold: async () => ({ state: 'held', release () {} }), close: async () => {} }

export interface Database {
  url: string
  ledger: Ledger
  directory: Directory
}

/** A migrated database of its own, with an org, a site in UTC without opening hours, and people p0 to p99. */
export async function openDatabase (t: Cleanup): Promise<Database> {
  const url = await freshDatabase(t, await sharedPostgres())
  const pool = openPool({ connection: url, max: 8, statementTimeoutMs: 10_000, onError: () => {} })
  t.after(async () => { if (!pool.ended) await pool.end() })
  await migrate(pool)
  const directory = createDirectory(pool)
  await directory.putOrg({ id: ORG, name: 'Demo', policy: {} })
  await directory.putSite(ORG, { id: 'hq', name: 'HQ', hours: { zone: 'UTC', hours: null }, policy: {} })
  await directory.putPeople(ORG, Array.from({ length: 100 }, (_, i) => ({ id: `p${i}`, name: `Person ${i}`, visibility: 'everyone' as const, groups: [], badges: [] })))
  return { url, ledger: createLedger(pool), directory }
}

/** Desks `<floor>-d0`, `<floor>-d1` … in a row, two metres apart. */
export function rowOfDesks (floor: string, count: number): Floor {
  const ids = Array.from({ length: count }, (_, i) => `${floor}-d${i}`)
  return {
    id: floor,
    site: 'hq',
    name: floor,
    level: 0,
    zones: [],
    spaces: ids.map(id => ({ id, label: id, kind: 'desk', zone: null, features: [], for: null, sensorOnly: false })),
    plan: { type: 'FeatureCollection', features: ids.map((id, i) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [2 * i, 0] }, properties: { space: id } })) }
  }
}

export interface CoreOptions {
  store: Store
  ledger: Ledger
  directory: Directory
  id?: string
  guard?: Guard
  /** Without: this node keeps nothing. */
  keeps?: readonly number[]
  watch?: Partial<NodeWatch>
}

/** One node's application without transports; stopped when `t` ends. */
export async function openCore (t: Cleanup, { store, ledger, directory, ...options }: CoreOptions): Promise<PerchNode> {
  const clock = systemClock()
  const node = openNode({
    id: options.id ?? 'node-1',
    store,
    guard: options.guard ?? GRANTS_ALWAYS,
    guardMode: 'always',
    ledger,
    directory,
    lookup: cachedDirectory({ directory, calendars: luxonCalendars(), clock }),
    clock,
    badgeHash: badge => badge,
    keeps: options.keeps ?? [SHARD],
    cacheLimit: 10_000,
    onTaken: async () => {},
    watch: { ...SILENT, ...options.watch }
  })
  t.after(async () => { await node.stop() })
  await node.watermarks.listen(SHARD)
  await node.start()
  return node
}

/** A floor in directory and store. The shard must live. */
export async function placeFloor (node: PerchNode, directory: Directory, floor: Floor): Promise<void> {
  const stored = await directory.putFloor(ORG, floor, 0)
  await node.transact(ORG, {
    type: 'place',
    floor: floor.id,
    site: floor.site,
    floorRecord: { site: floor.site, plan: stored.revision, policy: 1, name: floor.name, spaces: floor.spaces.map(({ id }) => id) },
    spaces: floor.spaces.map(space => ({ space: space.id, zone: space.zone, kind: space.kind, sensorOnly: space.sensorOnly, removed: false })),
    release: false
  }, { site: floor.site }, 'test')
}
