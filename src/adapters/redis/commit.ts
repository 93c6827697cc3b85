import type { Check, Commit, Committed, Stored } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import type { FloorId } from '../../domain/ids.ts'
import type { Key } from '../../domain/keys.ts'
import { list, number, stored } from './reply.ts'
import type { ShardKeys } from './shard-keys.ts'

/** A key's field in the hash of its type: `day/d1/2026-01-31` of org acme is `acme/d1/2026-01-31` among the days. */
export function fieldOf (org: string, key: Key): string {
  return org + key.slice(key.indexOf('/'))
}

/** Arguments of commit.lua. `room`: how many entries the outbox may hold. Measured by bench/store: as few texts as the script needs, made in one pass. */
export function commitArgs (keys: ShardKeys, commit: Commit, room: number): string[] {
  const { org, checks, writes, floors, due, messages } = commit
  const numbered = (floor: FloorId | null): string => {
    if (floor === null) return 'n'
    // The script would find out only after its first write.
    if (!floors.includes(floor)) throw new PerchError('INTERNAL', {}, new Error('a commit names a floor that it does not touch'))
    return `${org}/${floor}`
  }
  const args = [
    ...keys.all, keys.outbox(commit.epoch),
    `${commit.epoch}:`, String(commit.at), commit.entry === null ? '' : String(room), commit.entry ?? '', keys.channel('keeper'),
    String(checks.length), String(floors.length), String(writes.length), String(due.length)
  ]
  for (const { key, version } of checks) args.push(key.charAt(0), fieldOf(org, key), `${version}:`)
  for (const floor of floors) args.push(`${org}/${floor}`)
  for (const { key, body, floor } of writes) args.push(key.charAt(0), fieldOf(org, key), body === null ? '' : numbered(floor), body ?? '')
  for (const { name, at } of due) args.push(name, at === null ? '' : String(at))
  for (const { topic, floor, body } of messages) args.push(keys.channel(topic), numbered(floor), body)
  return args
}

/** Reads the reply of commit.lua. */
export function committed (reply: unknown, commit: Commit): Committed {
  const parts = list(reply)
  switch (parts[0]) {
    case 'ok':
      return { state: 'ok', n: number(parts[1]), seqs: new Map(commit.floors.map((floor, i) => [floor, number(parts[i + 3])])), now: number(parts[2]) }
    case 'conflict':
      return { state: 'conflict', now: number(parts[1]), current: currentOf(commit.checks, parts) }
    case 'full':
      return { state: 'full' }
    case 'stale':
      return { state: 'stale' }
    default:
      throw new TypeError('redis: commit.lua gave an unknown state')
  }
}

function currentOf (checks: readonly Check[], parts: readonly unknown[]): Map<Key, Stored> {
  return new Map(checks.map(({ key }, i) => [key, stored(parts[i + 2])]))
}
