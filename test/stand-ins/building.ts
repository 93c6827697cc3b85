import { createHmac } from 'node:crypto'
import { memoryGuard } from '../../src/adapters/memory/guard.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { directoryAdmin, type DirectoryAdmin } from '../../src/application/directory-admin.ts'
import { cachedDirectory, type CachedDirectory } from '../../src/application/directory-cache.ts'
import { DirectoryNewsWire } from '../../src/application/directory-news.ts'
import { Forgetting } from '../../src/application/forgetting.ts'
import { LookUps, watchedCommands } from '../../src/application/look-ups.ts'
import type { DirectoryNews } from '../../src/application/news.ts'
import { openNode, type PerchNode } from '../../src/application/node.ts'
import type { Directory } from '../../src/application/directory.ts'
import type { Store } from '../../src/application/ports.ts'
import { Presenter } from '../../src/application/presenter.ts'
import type { Principal } from '../../src/application/principal.ts'
import { recordsAdmin, type RecordsAdmin } from '../../src/application/records-admin.ts'
import type { SyncParts } from '../../src/application/sync-floor.ts'
import { v7 as uuidv7 } from 'uuid'
import { shardOf } from '../../src/domain/ids.ts'
import type { FloorBody } from '../../src/protocol/plan.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { ArchiveInMemory } from './archive.ts'
import { HandClock } from './clock.ts'
import { DirectoryInMemory } from './directory.ts'
import { emptyLedger } from './ledger.ts'
import { SILENT } from './silent.ts'

export const ORG = 'acme'

export const ADMIN: Principal = { org: ORG, id: 'key:admin', role: 'admin', person: null, site: null, expiresAt: null }

/** One node over the memory store and a directory in this process, without a keeper: deadlines are done by the commands themselves. */
export interface Building<D extends Directory = DirectoryInMemory> extends PerchNode {
  admin: DirectoryAdmin
  records: RecordsAdmin
  archive: ArchiveInMemory
  cached: CachedDirectory
  clock: HandClock
  directory: D
  store: Store
  sync: SyncParts
  /** A claim id of this building's time. */
  newId (): string
}

/** `behind`: another building whose store and directory this one shares, as a second node. */
export async function openBuilding (t: Cleanup, behind?: Building): Promise<Building> {
  return await openBuildingOn(t, behind?.directory ?? new DirectoryInMemory(), behind)
}

/** The same over any directory. */
export async function openBuildingOn<D extends Directory> (t: Cleanup, directory: D, behind?: Building<D>): Promise<Building<D>> {
  const clock = behind?.clock ?? new HandClock()
  const calendars = luxonCalendars()
  const store = behind?.store ?? memoryStore({ now: () => clock.now(), outboxLimit: 10_000, outboxReserve: 1_000 })
  if (behind === undefined) await openShard(store)
  const wire = new DirectoryNewsWire({ store, onNews: (org, news) => cached.forget(org, news) })
  const cached = cachedDirectory({ directory, calendars, clock, onRemember: org => wire.listen(org) })
  const badgeHash = (badge: string): string => createHmac('sha256', 'test').update(badge).digest('hex')
  const node = openNode({
    id: 'node',
    store,
    guard: memoryGuard(() => clock.monotonic()),
    guardMode: 'off',
    ledger: emptyLedger(),
    directory,
    lookup: cached,
    clock,
    badgeHash,
    keeps: [],
    cacheLimit: 10_000,
    onTaken: async () => {},
    watch: SILENT
  })
  const presenter = new Presenter({ directory, transact: node.transact, clock })
  t.after(() => {
    presenter.close()
    wire.close()
  })
  const sync = { store, directory, cached, transact: node.transact }
  const archive = new ArchiveInMemory()
  const lookUps = new LookUps({ clock, note: async (org, notes) => await archive.note(org, notes), onTrouble () {} })
  const parts = { ...sync, calendars, clock, commands: node.commands, presenter, badgeHash, lookUps, tell: async (org: string, news: DirectoryNews) => await wire.tell(org, news), persisted: async () => true }
  const admin = directoryAdmin(parts)
  const forgetting = new Forgetting({ directory, archive, clock, held: () => [], onForgotten () {}, onTrouble () {} })
  const records = recordsAdmin({ ...parts, archive, ledger: emptyLedger(), forgetting, drained: async () => {} })
  return { ...node, commands: watchedCommands(node.commands, lookUps), admin, records, archive, cached, clock, directory, store, sync, newId: () => uuidv7({ msecs: clock.now() }) }
}

/** As recovery does it for a shard that nobody has used. */
async function openShard (store: Store): Promise<void> {
  const frozen = await store.freeze(shardOf(ORG), 1, 'keeper')
  if (frozen.frozen) await store.thaw(frozen.freeze)
}

/** An org with one site that is always open. */
export async function withSite<D extends Directory> (building: Building<D>): Promise<Building<D>> {
  await building.admin.putOrg(ADMIN, { name: 'Acme' })
  await building.admin.putSite(ADMIN, 'hq', { name: 'Headquarters', zone: 'Europe/Berlin' })
  return building
}

/** Time goes on until the answer is there: a refusal comes after a while. */
export async function answered<T> ({ clock }: Building, answer: Promise<T>): Promise<T> {
  let open = true
  answer.finally(() => { open = false }).catch(() => {})
  await until(() => { clock.pass(10); return !open }, { what: 'it is answered' })
  return await answer
}

/** Desks in a row. */
export function rowOfDesks (ids: readonly string[]): FloorBody {
  return {
    site: 'hq',
    name: 'First floor',
    level: 1,
    spaces: ids.map(id => ({ id, label: id, kind: 'desk' })),
    plan: {
      type: 'FeatureCollection',
      features: ids.map((space, i) => {
        const [x, y] = [2 * (i % 40), 2 * Math.floor(i / 40)]
        return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 1.6, y], [x + 1.6, y + 0.8], [x, y + 0.8], [x, y]]] }, properties: { space } }
      })
    }
  }
}
