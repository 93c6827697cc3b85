import type { AnyRecord, Known } from '../domain/draft.ts'
import type { FloorRecord, SpaceRecord } from '../domain/space.ts'
import { holdingText, packClaim, slotText, unpackClaim, unpackHolding, type PackedClaim, type PackedHolding, type PackedSlot } from './packing.ts'
import type { Stored } from './ports.ts'

/** The format that records are written in. A release reads this one and the one before, and writes the one before until every node is new. */
const FORMAT = 1

/**
 * A record as the store keeps it: JSON with its format and one letter for its type. Claims are arrays: a day of one space is written whole with each booking,
 * and with named members it is more than twice as long, which is what a commit costs (bench/claims).
 */
export function encodeRecord (record: AnyRecord): string {
  if ('holdings' in record) return `{"f":${FORMAT},"d":[${record.holdings.map(holdingText).join(',')}]}`
  if ('slots' in record) return `{"f":${FORMAT},"p":[${record.slots.map(slotText).join(',')}]}`
  if ('hash' in record) return `{"f":${FORMAT},"c":${JSON.stringify(packClaim(record.claim))},"h":${JSON.stringify(record.hash)}}`
  if ('plan' in record) return `{"f":${FORMAT},"l":${JSON.stringify(record)}}`
  const { current, next, ...space } = record
  return `{"f":${FORMAT},"s":${JSON.stringify(space)},"n":[${current === null ? null : holdingText(current)},${next === null ? null : holdingText(next)}]}`
}

/** What encodeRecord wrote, parsed. */
export type Packed = { f: number } & (
  | { d: PackedHolding[] }
  | { p: PackedSlot[] }
  | { c: PackedClaim, h: string }
  | { l: FloorRecord }
  | { s: Omit<SpaceRecord, 'current' | 'next'>, n: [PackedHolding | null, PackedHolding | null] }
)

/** @throws Error for a format that this release does not know: a newer node wrote it, and guessing could double a booking (INV-1) */
export function decodeRecord (body: string): AnyRecord {
  return unpackRecord(JSON.parse(body) as Packed)
}

/** @throws Error as decodeRecord */
export function unpackRecord (packed: Packed): AnyRecord {
  if (packed.f !== FORMAT) throw new Error(`record format ${packed.f} is not known to this release`)
  if ('d' in packed) return { holdings: packed.d.map(unpackHolding) }
  if ('p' in packed) return { slots: packed.p.map(([id, space, kind, from, to]) => ({ id, space, kind, from, to })) }
  if ('c' in packed) return { claim: unpackClaim(packed.c), hash: packed.h }
  if ('l' in packed) return packed.l
  const [current, next] = packed.n
  return { ...packed.s, current: current === null ? null : unpackHolding(current), next: next === null ? null : unpackHolding(next) }
}

export function decodeStored (stored: Stored): Known {
  return { version: stored.version, value: stored.body === null ? null : decodeRecord(stored.body) }
}
