import type { Addition, AnyRecord, Known } from '../domain/draft.ts'
import { PerchError } from '../domain/errors.ts'
import { dateOf, nameOf, spaceOf, type Key } from '../domain/keys.ts'
import { DEFAULT_POLICY } from '../domain/policy.ts'
import type { FloorRecord } from '../domain/space.ts'
import {
  packClaim, packHolding, packSlot, packSpace, unpackClaim, unpackHolding, unpackSlot, unpackSpace, type PackedClaim, type PackedHolding, type PackedSlot, type PackedSpace
} from './packing.ts'
import type { Stored } from './ports.ts'

/** The newest format of records and outbox entries that this release reads, and the one it writes: docs/operations.md, "Upgrading", says how they go apart and together again. */
export const READS_UP_TO = 1
export const WRITES = 1

/** Records that were written before policies had these lack them. */
type PackedFloor = Omit<FloorRecord, 'smallZone' | 'displayNames'> & Partial<FloorRecord>

/** A record's first line: its format, a letter for its type, and of those that are no list all there is. */
export type Packed =
  | [f: number, type: 'd' | 'p']
  | [f: number, type: 'c', space: string, claim: PackedClaim, hash: string]
  | [f: number, type: 'l', floor: PackedFloor]
  | [f: number, type: 's', space: PackedSpace]

/**
 * A record as the store keeps it: JSON values, one a line. What its key says is left out. A day's and a person's claims have a line each behind the first, in any order, so that
 * one more is put behind those that are there: a day written whole with each booking is what a commit would cost (bench/claims).
 */
export function encodeRecord (key: Key, record: AnyRecord): string {
  if ('holdings' in record) return `[${WRITES},"d"]${record.holdings.map(holding => `\n${encodeAddition(key, holding)}`).join('')}`
  if ('slots' in record) return `[${WRITES},"p"]${record.slots.map(slot => `\n${encodeAddition(key, slot)}`).join('')}`
  if ('hash' in record) return encodeLine([WRITES, 'c', record.claim.space, packClaim(record.claim), record.hash])
  if ('plan' in record) return encodeLine([WRITES, 'l', record])
  return encodeLine([WRITES, 's', packSpace(record)])
}

/** The line that a record's text grows by. */
export function encodeAddition (key: Key, added: Addition): string {
  return JSON.stringify('claim' in added ? packHolding(added, dateOf(key)) : packSlot(added))
}

function encodeLine (packed: Packed): string {
  return JSON.stringify(packed)
}

/** @throws PerchError OUTDATED for a format that this release does not know: a newer node wrote it, and guessing could double a booking (INV-1) */
export function decodeRecord (key: Key, body: string): AnyRecord {
  // No JSON value has a line break within.
  const [head, ...lines] = JSON.parse(`[${body.replaceAll('\n', ',')}]`) as [Packed, ...unknown[]]
  switch (head[1]) {
    case 'd': return { holdings: (known(head, lines) as PackedHolding[]).map(holding => unpackHolding(spaceOf(key), dateOf(key), holding)).sort((a, b) => a.claim.from - b.claim.from) }
    case 'p': return { slots: (known(head, lines) as PackedSlot[]).map(unpackSlot) }
    default: return unpackRecord(key, head)
  }
}

/** A record of one line, parsed. @throws PerchError as decodeRecord */
export function unpackRecord (key: Key, packed: Packed): AnyRecord {
  known(packed, null)
  switch (packed[1]) {
    case 'c': return { claim: unpackClaim(packed[2], packed[3]), hash: packed[4] }
    case 'l': return { smallZone: DEFAULT_POLICY.smallZone, displayNames: DEFAULT_POLICY.displayNames, ...packed[2] }
    case 's': return unpackSpace(nameOf(key), packed[2])
    default: throw new Error(`a record of type ${packed[1]} is a list`)
  }
}

function known<T> (packed: Packed, content: T): T {
  if (packed[0] > READS_UP_TO) throw new PerchError('OUTDATED', {}, new Error(`record format ${packed[0]} is not known to this release`))
  return content
}

export function decodeStored (key: Key, stored: Stored): Known {
  return { version: stored.version, value: stored.body === null ? null : decodeRecord(key, stored.body) }
}
