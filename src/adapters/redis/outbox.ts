import type { Freeze, OutboxEntry } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import type { Door } from './door.ts'
import { list, number, text } from './reply.ts'
import type { ShardKeys } from './shard-keys.ts'

/** @throws RECOVERING where the epoch does not live */
export async function readOutbox (door: Door, keys: ShardKeys, epoch: number, after: number, limit: number): Promise<OutboxEntry[]> {
  return entriesOf(await door.run('outbox', [keys.epoch, keys.outbox(epoch), `${epoch}:`, String(after), String(Math.max(limit, 0))]))
}

/** A stream that is not there is empty. @throws RECOVERING when the freeze is not the newest */
export async function drainOutbox (door: Door, keys: ShardKeys, { epoch, keeper }: Freeze, stream: number, after: number, limit: number): Promise<OutboxEntry[]> {
  return entriesOf(await door.run('drain', [keys.epoch, keys.outbox(stream), String(epoch), keeper, String(after), String(Math.max(limit, 0))]))
}

/** @throws RECOVERING where the epoch does not live */
export async function hasGap (door: Door, keys: ShardKeys, epoch: number, after: number): Promise<boolean> {
  const [gap] = list(await door.run('gap', [keys.epoch, keys.outbox(epoch), `${epoch}:`, String(after)]))
  if (gap === undefined) throw new PerchError('RECOVERING')
  return gap === 1
}

function entriesOf (reply: unknown): OutboxEntry[] {
  const [entries] = list(reply)
  if (entries === undefined) throw new PerchError('RECOVERING')
  // XRANGE's answer to a count of 0.
  return entries === null ? [] : list(entries).map(entryOf)
}

/** Drops entries up to and with `upTo`, exactly: "about" would leave entries that the ledger has, and MAXLEN would drop some that it has not (INV-5). */
export async function trimOutbox (door: Door, key: string, upTo: number): Promise<void> {
  await door.ask('trim-outbox', client => client.xtrim(key, 'MINID', `${upTo + 1}-0`))
}

export async function outboxLength (door: Door, key: string): Promise<number> {
  return await door.ask('outbox-length', client => client.xlen(key))
}

/** As commit.lua writes it: id `<n>-0`; s: org/floor and its seq, in turn, between spaces; e: the entry's text; b: the number of the entry before. */
function entryOf (entry: unknown): OutboxEntry {
  const [id, fields] = list(entry)
  const [, positions, , body, , before] = list(fields)
  const seqs = new Map<string, number>()
  const words = text(positions).split(' ')
  for (let i = 0; i + 1 < words.length; i += 2) {
    const field = text(words[i])
    seqs.set(field.slice(field.indexOf('/') + 1), Number(words[i + 1]))
  }
  return { n: Number.parseInt(text(id), 10), seqs, before: before === undefined ? 0 : number(before), entry: text(body) }
}
