import { LRUCache } from 'lru-cache'
import type { Known } from '../domain/draft.ts'
import { shardOf, SHARDS, type OrgId } from '../domain/ids.ts'
import type { Key } from '../domain/keys.ts'

/**
 * Records that this node read or wrote, as hints: a grant may be decided from them, because the commit compares versions; a refusal may not.
 * Everything of a shard is void with a new epoch.
 */
export class RecordCache {
  readonly #records: LRUCache<string, { epoch: number, known: Known }>
  /** The newest epoch seen of each shard; 0: none yet. */
  readonly #epochs: number[] = new Array<number>(SHARDS).fill(0)
  readonly #onEpoch: (shard: number, epoch: number, before: number) => void

  /** `limit`: records; an average one is about 1 KB. `onEpoch` is told of every epoch that follows another one. */
  constructor (limit: number, onEpoch: (shard: number, epoch: number, before: number) => void = () => {}) {
    this.#records = new LRUCache({ max: limit })
    this.#onEpoch = onEpoch
  }

  get size (): number {
    return this.#records.size
  }

  epoch (shard: number): number {
    return this.#epochs[shard] ?? 0
  }

  get (org: OrgId, key: Key): Known | undefined {
    const found = this.#records.get(`${org}/${key}`)
    return found !== undefined && found.epoch === this.epoch(shardOf(org)) ? found.known : undefined
  }

  set (org: OrgId, epoch: number, key: Key, known: Known): void {
    if (epoch < this.epoch(shardOf(org))) return
    this.#records.set(`${org}/${key}`, { epoch, known })
  }

  /** An answer of the store came from that epoch. */
  sawEpoch (shard: number, epoch: number): void {
    const before = this.epoch(shard)
    if (epoch <= before) return
    this.#epochs[shard] = epoch
    if (before !== 0) this.#onEpoch(shard, epoch, before)
  }
}
