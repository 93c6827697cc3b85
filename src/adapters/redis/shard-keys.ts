import type { Topic } from '../../application/ports.ts'
import { SHARDS } from '../../domain/ids.ts'
import type { RecordType } from '../../domain/keys.ts'

/** What a shard's keys are called. One hash tag for all, so that a script reaches every one of them on Redis Cluster. */
export interface ShardKeys {
  epoch: string
  meta: string
  due: string
  lease: string
  served: string
  /** epoch, meta, then the hashes of floors, spaces, days, people and claims: what `read.lua` names. */
  records: readonly string[]
  /** The same and due: what the scripts that write name first. */
  all: readonly string[]
  /** The hash of the records of a type. */
  hash (type: RecordType): string
  /** The outbox of an epoch. Stream 0 never exists: it stands for none. */
  outbox (stream: number): string
  channel (topic: Topic): string
}

/** In the order in which scripts name them. */
const HASHES = { floor: 'floors', space: 'spaces', day: 'days', person: 'people', claim: 'claims' } as const satisfies Record<RecordType, string>

/** Keepers are not of one shard; the key has a slot of its own. */
export const KEEPERS = 'perch:keepers'

/** `perch:{s07}:…`, made once: names are part of every call. */
export function shardKeys (): readonly ShardKeys[] {
  return Array.from({ length: SHARDS }, (_, shard) => {
    const prefix = `perch:{s${String(shard).padStart(2, '0')}}:`
    const [epoch, meta, due, lease] = [`${prefix}epoch`, `${prefix}meta`, `${prefix}due`, `${prefix}lease`]
    const records = [epoch, meta, ...Object.values(HASHES).map(name => prefix + name)]
    return {
      epoch,
      meta,
      due,
      lease,
      served: `${prefix}served`,
      records,
      all: [...records, due],
      hash: type => prefix + HASHES[type],
      outbox: stream => `${prefix}outbox:${stream}`,
      channel: topic => `${prefix}t:${topic}`
    }
  })
}
