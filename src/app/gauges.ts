import type { CachedDirectory } from '../application/directory-cache.ts'
import type { Keeper } from '../application/keeper.ts'
import type { KnownKeys } from '../application/known-keys.ts'
import type { LookUps } from '../application/look-ups.ts'
import type { Losses } from '../application/losses.ts'
import type { GaugeMetrics } from '../application/metrics.ts'
import type { Store } from '../application/ports.ts'
import type { RecordCache } from '../application/record-cache.ts'

/** Lets the metrics ask for what is bounded (INV-8). */
export function watchGauges (metrics: GaugeMetrics, { store, keeper, cache, cached, losses, knownKeys, lookUps }: { store: Store, keeper: Keeper, cache: RecordCache, cached: CachedDirectory, losses: Losses, knownKeys: KnownKeys, lookUps: LookUps }): void {
  metrics.watch('outbox', async () => {
    const lengths = await Promise.all(keeper.held.map(async shard => {
      const state = await store.state(shard)
      return state.state === 'live' ? await store.outboxLength(shard, state.epoch) : 0
    }))
    return lengths.reduce((sum, length) => sum + length, 0)
  })
  metrics.watch('answers_waiting', () => losses.size)
  metrics.watch('cached_records', () => cache.size)
  metrics.watch('cached_people', () => cached.sizes().people)
  metrics.watch('cached_floors', () => cached.sizes().floors)
  metrics.watch('cached_places', () => cached.sizes().places)
  metrics.watch('cached_lists', () => cached.sizes().lists)
  metrics.watch('cached_keys', () => knownKeys.size)
  metrics.watch('look_ups_waiting', () => lookUps.waiting)
}
