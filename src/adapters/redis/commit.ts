import type { Check, Commit, Committed, Stored, Write } from '../../application/ports.ts'
import type { FloorId } from '../../domain/ids.ts'
import type { Key } from '../../domain/keys.ts'
import { list, number, stored } from './reply.ts'
import type { ShardKeys } from './shard-keys.ts'

/** A key's field in the hash of its type: `day/d1/2026-01-31` of org acme is `acme/d1/2026-01-31` among the days. */
export function fieldOf (org: string, key: Key): string {
  return org + key.slice(key.indexOf('/'))
}

/** What comes before the arguments of the commits: commit.lua's keys, and what all commits of a call share. */
export function callArgs (keys: ShardKeys, epoch: number): string[] {
  return [...keys.all, keys.outbox(epoch), `${epoch}:`, keys.channel('keeper')]
}

/** Keys of commit.lua; a script counts its arguments behind them. */
const KEYS = 9

/** Adds one commit's arguments. `room`: how many entries the outbox may hold. Measured by bench/store: as few texts as the script needs, made in one pass. */
export function addCommit (args: string[], keys: ShardKeys, commit: Commit, room: number): void {
  const { org, at, entry, checks, writes, floors, due, messages } = commit
  args.push(String(at), entry === null ? '' : String(room), entry ?? '')
  const places = args.length
  const begin = (list: number) => { args[places + list] = String(args.length + 1 - KEYS) }
  args.push('', '', '', '')
  for (const { key, version } of checks) addRecord(args, org, key, `${version}:`, writes.find(write => write.key === key))
  for (const write of writes) if (!checks.some(({ key }) => key === write.key)) addRecord(args, org, write.key, '', write)
  begin(0)
  for (const floor of floors) args.push(`${org}/${floor}`)
  begin(1)
  for (const { name, at } of due) args.push(name, at === null ? '' : String(at))
  begin(2)
  for (const { topic, floor, body } of messages) args.push(keys.channel(topic), numbered(org, floor), body)
  begin(3)
}

function addRecord (args: string[], org: string, key: Key, version: string, write: Write | undefined): void {
  args.push(key.charAt(0), fieldOf(org, key), version)
  if (write === undefined) args.push('', '')
  else if ('addition' in write) args.push(numbered(org, write.floor), `\n${write.addition}`)
  else if (write.body === null) args.push('-', '')
  else args.push(numbered(org, write.floor), write.body)
}

/** What gives a version or a message its number. */
function numbered (org: string, floor: FloorId | null): string {
  return floor === null ? 'n' : `${org}/${floor}`
}

/** Reads one commit's part of the reply of commit.lua. */
export function committed (reply: unknown, commit: Commit): Committed {
  const parts = list(reply)
  switch (parts[0]) {
    case 'ok':
      return { state: 'ok', n: number(parts[1]), seqs: new Map(commit.floors.map((floor, i) => [floor, number(parts[i + 3])])), now: number(parts[2]) }
    case 'conflict':
      return { state: 'conflict', now: number(parts[1]), current: currentOf(commit.checks, parts) }
    case 'full':
      return { state: 'full' }
    default:
      throw new TypeError('redis: commit.lua gave an unknown state')
  }
}

function currentOf (checks: readonly Check[], parts: readonly unknown[]): Map<Key, Stored> {
  return new Map(checks.map(({ key }, i) => [key, stored(parts[i + 2])]))
}
