import type { Known } from '../domain/draft.ts'
import { shardOf, SHARDS, type OrgId } from '../domain/ids.ts'
import type { Key } from '../domain/keys.ts'

/** Records by org and key. */
type Generation = Map<OrgId, Map<Key, Known>>

/**
 * Records that this node read or wrote, as hints: a grant may be decided from them, because the commit compares versions; a refusal may not.
 * Everything of a shard is void with a new epoch. Two generations stand for an order of use, which costs several times as much to keep (bench/claims): when the young are half of
 * what fits they become the old, and those that were old, and not used since, are forgotten.
 */
export class RecordCache {
  #young: Generation = new Map()
  #old: Generation = new Map()
  #youngCount = 0
  #oldCount = 0
  readonly #half: number
  /** The newest epoch seen of each shard; 0: none yet. */
  readonly #epochs: number[] = new Array<number>(SHARDS).fill(0)
  readonly #onEpoch: (shard: number, epoch: number, before: number) => void

  /** `limit`: records; an average one is about 1 KB. `onEpoch` is told of every epoch that follows another one. */
  constructor (limit: number, onEpoch: (shard: number, epoch: number, before: number) => void = () => {}) {
    this.#half = Math.max(1, limit / 2)
    this.#onEpoch = onEpoch
  }

  get size (): number {
    return this.#youngCount + this.#oldCount
  }

  epoch (shard: number): number {
    return this.#epochs[shard] ?? 0
  }

  get (org: OrgId, key: Key): Known | undefined {
    const young = this.#young.get(org)?.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(org)?.get(key)
    if (old !== undefined) this.#put(org, key, old)
    return old
  }

  /** Of an epoch that is over it is not kept. */
  set (org: OrgId, epoch: number, key: Key, known: Known): void {
    const shard = shardOf(org)
    if (epoch < this.epoch(shard)) return
    this.sawEpoch(shard, epoch)
    this.#put(org, key, known)
  }

  /** An answer of the store came from that epoch. */
  sawEpoch (shard: number, epoch: number): void {
    const before = this.epoch(shard)
    if (epoch <= before) return
    this.#epochs[shard] = epoch
    this.#youngCount -= forget(this.#young, shard)
    this.#oldCount -= forget(this.#old, shard)
    if (before !== 0) this.#onEpoch(shard, epoch, before)
  }

  #put (org: OrgId, key: Key, known: Known): void {
    let records = this.#young.get(org)
    if (records === undefined) {
      records = new Map()
      this.#young.set(org, records)
    }
    if (!records.has(key)) {
      this.#youngCount++
      if (this.#old.get(org)?.delete(key) === true) this.#oldCount--
    }
    records.set(key, known)
    if (this.#youngCount >= this.#half) this.#age()
  }

  #age (): void {
    this.#old = this.#young
    this.#oldCount = this.#youngCount
    this.#young = new Map()
    this.#youngCount = 0
  }
}

/** Drops what a generation has of a shard; how many records that were. */
function forget (generation: Generation, shard: number): number {
  let count = 0
  for (const [org, records] of generation) {
    if (shardOf(org) !== shard) continue
    count += records.size
    generation.delete(org)
  }
  return count
}
