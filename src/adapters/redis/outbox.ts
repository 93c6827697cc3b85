import type { OutboxEntry } from '../../application/ports.ts'
import type { Door } from './door.ts'
import { list, text } from './reply.ts'

/** Entries behind `after`, in order. A stream that is not there is empty. */
export async function readOutbox (door: Door, key: string, after: number, limit: number): Promise<OutboxEntry[]> {
  if (limit < 1) return []
  const entries = await door.ask('outbox', client => client.xrange(key, `(${after}-0`, '+', 'COUNT', limit))
  return entries.map(entryOf)
}

/** Drops entries up to and with `upTo`, exactly: "about" would leave entries that the ledger has, and MAXLEN would drop some that it has not (INV-5). */
export async function trimOutbox (door: Door, key: string, upTo: number): Promise<void> {
  await door.ask('trim-outbox', client => client.xtrim(key, 'MINID', `${upTo + 1}-0`))
}

export async function outboxLength (door: Door, key: string): Promise<number> {
  return await door.ask('outbox-length', client => client.xlen(key))
}

/** As commit.lua writes it: id `<n>-0`; s: org/floor and its seq, in turn, between spaces; e: the entry's text. */
function entryOf ([id, fields]: readonly unknown[]): OutboxEntry {
  const [, positions, , entry] = list(fields)
  const seqs = new Map<string, number>()
  const words = text(positions).split(' ')
  for (let i = 0; i + 1 < words.length; i += 2) {
    const field = text(words[i])
    seqs.set(field.slice(field.indexOf('/') + 1), Number(words[i + 1]))
  }
  return { n: Number.parseInt(text(id), 10), seqs, entry: text(entry) }
}
