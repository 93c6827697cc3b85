import type { Freeze, LoadedRecord, ShardState, Store } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import type { ClaimId, OrgId } from '../../domain/ids.ts'
import { claimKey, type Key, type RecordType } from '../../domain/keys.ts'
import { fieldOf } from './commit.ts'
import type { Door } from './door.ts'
import { list, number, stored, text } from './reply.ts'
import type { ShardKeys } from './shard-keys.ts'

type Part = Parameters<Store['load']>[1]

/** How much one script call puts: some milliseconds of the server's time. */
const LOAD_AT_ONCE = 1_000

export async function shardState (door: Door, keys: ShardKeys): Promise<ShardState> {
  const [state, epoch] = list(await door.run('state', [keys.epoch]))
  switch (state) {
    case 'missing': return { state }
    case 'live':
    case 'foreign':
    case 'frozen': return { state, epoch: number(epoch) }
    default: throw new TypeError('redis: state.lua gave an unknown state')
  }
}

export async function freeze (door: Door, keys: ShardKeys, wanted: Freeze): ReturnType<Store['freeze']> {
  const [done, was] = list(await door.run('freeze', [keys.epoch, String(wanted.epoch), wanted.keeper]))
  if (done === -1) throw new PerchError('RECOVERING', {}, new Error('the slot is being imported'))
  if (done !== 1) return { frozen: false }
  return { frozen: true, freeze: wanted, was: was === null || was === undefined ? null : number(was) }
}

export async function positions (door: Door, keys: ShardKeys, { epoch, keeper }: Freeze): ReturnType<Store['positions']> {
  const fields = list(await door.run('positions', [keys.epoch, keys.meta, String(epoch), keeper])).map(text)
  if (fields.length === 0) throw superseded()
  const seqs = new Map<string, number>()
  let n = 0
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [field, value] = [text(fields[i]), number(fields[i + 1])]
    if (field === 'n') n = value
    else if (field.includes('/')) seqs.set(field, value)
  }
  return { n, seqs }
}

/** HSCAN gives a page in the order of its table. */
export async function scan (door: Door, keys: ShardKeys, { epoch, keeper }: Freeze, type: RecordType, after: string | null, limit: number): ReturnType<Store['scan']> {
  const [next, fields] = list(await door.run('scan', [keys.epoch, keys.hash(type), String(epoch), keeper, after ?? '0', String(limit)]))
  if (next === undefined) throw superseded()
  const pairs = list(fields)
  const records: LoadedRecord[] = []
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const field = text(pairs[i])
    if (field === '-') continue
    const slash = field.indexOf('/')
    records.push({ org: field.slice(0, slash), key: `${type}${field.slice(slash)}` as Key, stored: stored(pairs[i + 1]) })
  }
  return { records, next: next === '0' ? null : text(next) }
}

export async function peek (door: Door, keys: ShardKeys, { epoch, keeper }: Freeze, org: OrgId, ids: readonly ClaimId[]): ReturnType<Store['peek']> {
  const [values] = list(await door.run('peek', [keys.epoch, keys.hash('claim'), String(epoch), keeper, ...ids.map(id => fieldOf(org, claimKey(id)))]))
  if (values === undefined) throw superseded()
  const found = list(values)
  return new Map(ids.map((id, i) => [id, stored(found[i])]))
}

export async function clear (door: Door, keys: ShardKeys, { epoch, keeper }: Freeze): Promise<void> {
  const stream = await streamOf(door, keys)
  assertDone(await door.run('clear', [...keys.all, keys.outbox(Number(stream)), String(epoch), keeper, stream]))
}

export async function thaw (door: Door, keys: ShardKeys, { epoch, keeper }: Freeze): Promise<void> {
  const stream = await streamOf(door, keys)
  assertDone(await door.run('thaw', [...keys.all, keys.outbox(epoch), keys.outbox(Number(stream)), String(epoch), keeper, stream]))
}

/** In several calls where it is much: a server that is busy for long is as good as away. */
export async function load (door: Door, keys: ShardKeys, freeze: Freeze, part: Part): Promise<void> {
  const seqs = [...part.seqs]
  const longest = Math.max(part.records.length, part.due.length, seqs.length, 1)
  for (let from = 0; from < longest; from += LOAD_AT_ONCE) {
    const to = from + LOAD_AT_ONCE
    const [records, due] = [part.records.slice(from, to), part.due.slice(from, to)]
    const args = [...keys.all, String(freeze.epoch), freeze.keeper, String(part.n), String(records.length), String(due.length)]
    // In one pass: a rebuild comes here with millions of records.
    for (const { org, key, stored: { version, body } } of records) args.push(key.charAt(0), fieldOf(org, key), body === null ? '' : `${version}:${body}`)
    for (const { name, at } of due) args.push(name, String(at))
    for (const [floor, seq] of seqs.slice(from, to)) args.push(floor, String(seq))
    assertDone(await door.run('load', args))
  }
}

/** The epoch of the outbox stream that the shard has, "" for none: scripts must be told the names of all their keys. They check it again. */
async function streamOf (door: Door, keys: ShardKeys): Promise<string> {
  return await door.ask('stream', client => client.hget(keys.meta, 'stream')) ?? ''
}

function assertDone (reply: unknown): void {
  if (reply !== 1) throw superseded()
}

function superseded (): PerchError {
  return new PerchError('RECOVERING', {}, new Error('the freeze is not the newest, or the server is another one by now'))
}
