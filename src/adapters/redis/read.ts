import type { Snapshot, Stored } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import type { FloorId, OrgId } from '../../domain/ids.ts'
import type { Key } from '../../domain/keys.ts'
import { fieldOf } from './commit.ts'
import { list, number, stored } from './reply.ts'
import type { ShardKeys } from './shard-keys.ts'

/** The hashes in the order of their keys, by the first letter of the record keys they hold. */
const HASHES = ['f', 's', 'd', 'p', 'c'] as const

export interface ReadRequest {
  args: string[]
  /** In the order in which read.lua answers. */
  keys: readonly Key[]
  floors: readonly FloorId[]
}

export function readRequest (keys: ShardKeys, org: OrgId, wanted: readonly Key[], floors: readonly FloorId[]): ReadRequest {
  const groups = HASHES.map(letter => wanted.filter(key => key.startsWith(letter)))
  const ordered = groups.flat()
  return {
    args: [
      ...keys.records,
      ...groups.map(group => String(group.length)),
      ...ordered.map(key => fieldOf(org, key)),
      ...floors.map(floor => `${org}/${floor}`)
    ],
    keys: ordered,
    floors
  }
}

/** @throws RECOVERING when the shard is not live on that server */
export function snapshotOf (reply: unknown, request: ReadRequest): Snapshot {
  const [epoch, now, ...parts] = list(reply)
  if (epoch === undefined) throw new PerchError('RECOVERING')
  const values = parts.flatMap(list)
  const records = new Map<Key, Stored>(request.keys.map((key, i) => [key, stored(values[i])]))
  const seqs = new Map<FloorId, number>(request.floors.map((floor, i) => [floor, number(values[request.keys.length + i] ?? 0)]))
  return { epoch: number(epoch), now: number(now), records, seqs }
}
