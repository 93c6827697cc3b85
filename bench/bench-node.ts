import { luxonCalendars } from '../src/adapters/luxon/calendars.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import type { GuardMode } from '../src/application/guarding.ts'
import { openNode, type NodeParts, type PerchNode } from '../src/application/node.ts'
import type { Directory, StoredFloor } from '../src/application/directory.ts'
import type { Clock, Guard, Ledger, Store } from '../src/application/ports.ts'
import type { Principal } from '../src/application/principal.ts'
import { effectivePolicy } from '../src/domain/policy.ts'
import { DESKS_PER_FLOOR, floorName, FLOORS, spaceName } from './claims-workload.ts'
import { SILENT } from '../test/stand-ins/silent.ts'

export const ORG = 'demo'
export const ADMIN: Principal = { org: ORG, id: 'key:bench', role: 'admin', person: null, site: null, expiresAt: null }
const SITE = 'hq'

export const NO_GUARD: Guard = { hold: async () => ({ state: 'unguarded' }), close: async () => {} }

export interface BenchNodeOptions {
  store: Store
  guard?: Guard
  guardMode?: GuardMode
  clock?: Clock
  /** Without: nothing is kept, and the ledger is never asked. */
  keeper?: Pick<NodeParts, 'ledger' | 'keeps' | 'watch'>
}

/** One node over that store whose directory is remembered from the start: 20 floors of 60 desks, and whoever is asked for is a person. */
export function openBenchNode ({ store, guard = NO_GUARD, guardMode = 'off', clock = systemClock(), keeper }: BenchNodeOptions): PerchNode {
  const known = new Map(floors().map(floor => [floor.id, floor]))
  const rules = Promise.resolve({ policy: effectivePolicy(null), calendar: luxonCalendars().of({ zone: 'Europe/Zurich', hours: null }) })
  return openNode({
    id: 'bench',
    store,
    guard,
    guardMode,
    ledger: keeper?.ledger ?? {} as Ledger,
    // Never asked: there is a recovery only at the start of a new shard, and the lookup remembers everything.
    directory: {} as Directory,
    lookup: {
      place: () => rules,
      floor: async (_, id) => known.get(id) ?? null,
      floors: async () => [...known.values()],
      person: async (_, id) => ({ id, name: id, visibility: 'everyone', groups: [], badges: [] }),
      personByBadge: async () => null
    },
    clock,
    badgeHash: badge => badge,
    keeps: keeper?.keeps ?? [],
    cacheLimit: 1_000_000,
    onTaken: async () => {},
    watch: keeper?.watch ?? SILENT
  })
}

function floors (): StoredFloor[] {
  return Array.from({ length: FLOORS }, (_, f) => ({
    id: floorName(f),
    site: SITE,
    name: floorName(f),
    level: f,
    zones: [],
    spaces: Array.from({ length: DESKS_PER_FLOOR }, (_, d) => {
      const id = spaceName(f * DESKS_PER_FLOOR + d)
      return { id, label: id, kind: 'desk' as const, zone: null, features: [], for: null, sensorOnly: false }
    }),
    plan: { type: 'FeatureCollection', features: [] },
    revision: 1,
    removed: []
  }))
}

/** Puts the floors into the live state. The shard must live. */
export async function placeFloors (node: PerchNode): Promise<void> {
  for (const floor of floors()) {
    await node.transact(ORG, {
      type: 'place',
      floor: floor.id,
      site: SITE,
      floorRecord: { site: SITE, plan: 1, policy: 1, name: floor.name, spaces: floor.spaces.map(({ id }) => id) },
      spaces: floor.spaces.map(({ id }) => ({ space: id, zone: null, kind: 'desk', sensorOnly: false, removed: false })),
      release: false
    }, { site: SITE }, 'bench')
  }
}
