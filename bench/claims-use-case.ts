import { redisGuard } from '../src/adapters/redis/guard.ts'
import { redisStore } from '../src/adapters/redis/store.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import { luxonCalendars } from '../src/adapters/luxon/calendars.ts'
import type { GuardMode } from '../src/application/guarding.ts'
import { openNode, type NodeWatch, type PerchNode } from '../src/application/node.ts'
import type { Directory, Guard, Ledger, StoredFloor } from '../src/application/ports.ts'
import type { Principal } from '../src/application/principal.ts'
import { shardOf } from '../src/domain/ids.ts'
import { effectivePolicy } from '../src/domain/policy.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { startRedis } from '../test/harness/redis.ts'
import { bookings, DESKS_PER_FLOOR, FLOORS, measure, spaceName, type ClaimJob, type Rate } from './claims-workload.ts'

const ORG = 'demo'
const ADMIN: Principal = { org: ORG, id: 'key:bench', role: 'admin', person: null, site: null, expiresAt: null }
const IN_FLIGHT = 256

const WATCH: NodeWatch = { trouble () {}, conflict () {}, recorded () {}, fired () {}, recovery () {}, held () {}, quarantined () {}, clockJumped () {} }

/**
 * Claims per second through the use case of one process, answered as accepted: rights, look-ups, rules, guard and commit, without HTTP and without the ledger.
 * Redis appends to a file and syncs it each second.
 */
export async function useCaseRate (t: Cleanup, mode: GuardMode, lockNodes: 0 | 1 | 3): Promise<Rate> {
  const redis = await startRedis(t, { appendonly: true })
  const locks = await Promise.all(Array.from({ length: lockNodes }, async () => await startRedis(t)))
  const guard: Guard = lockNodes === 0
    ? { hold: async () => ({ state: 'unguarded' }), close: async () => {} }
    : redisGuard({ urls: locks.map(({ url }) => url), secret: 'bench', alarm () {} })
  const store = redisStore({ url: redis.url, outboxLimit: 1_000_000 })
  t.after(async () => await Promise.all([store.close(), guard.close()]))
  const frozen = await store.freeze(shardOf(ORG), 1, 'bench')
  if (!frozen.frozen) throw new Error('the store is not new')
  await store.thaw(frozen.freeze)

  const node = openBenchNode(store, guard, mode)
  for (const floor of floors()) await placeFloor(node, floor)
  const claim = async (job: ClaimJob) => { await node.commands.claim(ADMIN, { ...job, await: 'accepted' }) }
  await measure(bookings(Date.now(), 0), IN_FLIGHT, claim)
  return await measure(bookings(Date.now(), 1), IN_FLIGHT, claim)
}

function openBenchNode (store: ReturnType<typeof redisStore>, guard: Guard, guardMode: GuardMode): PerchNode {
  const known = new Map(floors().map(floor => [floor.id, floor]))
  const rules = Promise.resolve({ policy: effectivePolicy(null), calendar: luxonCalendars().of({ zone: 'Europe/Zurich', hours: null }) })
  return openNode({
    id: 'bench',
    store,
    guard,
    guardMode,
    // Neither is asked: claims are accepted, and whatever the directory knows is remembered.
    ledger: {} as Ledger,
    directory: {} as Directory,
    lookup: {
      place: () => rules,
      floor: async (_, id) => known.get(id) ?? null,
      floors: async () => [...known.values()],
      person: async (_, id) => ({ id, name: id, visibility: 'everyone', groups: [], badges: [] }),
      personByBadge: async () => null
    },
    clock: systemClock(),
    badgeHash: badge => badge,
    keeps: [],
    cacheLimit: 1_000_000,
    onTaken: async () => {},
    watch: WATCH
  })
}

function floors (): StoredFloor[] {
  return Array.from({ length: FLOORS }, (_, f) => ({
    id: `f${f}`,
    site: 'hq',
    name: `f${f}`,
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

async function placeFloor (node: PerchNode, floor: StoredFloor): Promise<void> {
  await node.transact(ORG, {
    type: 'place',
    floor: floor.id,
    site: 'hq',
    floorRecord: { site: 'hq', plan: 1, policy: 1, name: floor.name, spaces: floor.spaces.map(({ id }) => id) },
    spaces: floor.spaces.map(({ id }) => ({ space: id, zone: null, kind: 'desk', sensorOnly: false, removed: false })),
    release: false
  }, { site: 'hq' }, 'bench')
}
