import type { ClaimId, PersonId, SpaceId } from '../domain/ids.ts'
import type { FloorRecord, SpaceRecord } from '../domain/space.ts'
import { floorKey, spaceKey } from '../domain/keys.ts'
import { unpackRecord, type Packed } from './codec.ts'

/** What subscribers of a floor hear of a commit: the records that changed, whole, so that no watcher's node has to read. */
export interface FloorNews {
  spaces: ReadonlyArray<readonly [SpaceId, SpaceRecord]>
  /** The floor's own record, when that changed: every position before this one needs a snapshot. */
  floor: FloorRecord | null
}

/** Takes records as they were encoded for the store, so that none is encoded twice. */
export function encodeFloorNews (spaces: ReadonlyArray<readonly [SpaceId, string]>, floor: string | null): string {
  return `{"spaces":[${spaces.map(([id, body]) => `["${id}",${body}]`).join(',')}],"floor":${floor ?? 'null'}}`
}

export function decodeFloorNews (body: string): FloorNews {
  const { spaces, floor } = JSON.parse(body) as { spaces: Array<[SpaceId, Packed]>, floor: Packed | null }
  return {
    spaces: spaces.map(([id, packed]) => [id, unpackRecord(spaceKey(id), packed) as SpaceRecord] as const),
    floor: floor === null ? null : unpackRecord(floorKey(''), floor) as FloorRecord
  }
}

/** What subscribers of an org's people hear: whose claims changed. They read what is so now. Stays within the nodes. */
export interface PeopleNews {
  people: readonly PersonId[]
}

export function encodePeopleNews (news: PeopleNews): string {
  return JSON.stringify(news)
}

export function decodePeopleNews (body: string): PeopleNews {
  return JSON.parse(body) as PeopleNews
}

/** How far the ledger has come: commits up to `n` of that stream are in Postgres. `behind`: it is not keeping up, so what is granted now is provisional. */
export interface Watermark {
  stream: number
  n: number
  behind: boolean
  /** Commits at or before `n` that the ledger would not take: they are in quarantine and never persisted. */
  refused: readonly number[]
}

export function encodeWatermark (watermark: Watermark): string {
  return JSON.stringify(watermark)
}

export function decodeWatermark (body: string): Watermark {
  return JSON.parse(body) as Watermark
}

/** Claims that a fault took from their holders: the person, and the claim's id. */
export interface LossNews {
  lost: ReadonlyArray<readonly [PersonId, ClaimId]>
}

export function encodeLossNews (news: LossNews): string {
  return JSON.stringify(news)
}

export function decodeLossNews (body: string): LossNews {
  return JSON.parse(body) as LossNews
}

/** What an org's directory subscribers hear: what to read again. */
export type DirectoryNews =
  | { what: 'person', id: string }
  | { what: 'floor', id: string }
  | { what: 'policy' }
  /** An API key, or a device's token, works no more. */
  | { what: 'key', id: string }
  /** A device has another name, or stands elsewhere. */
  | { what: 'device', id: string }

export function encodeDirectoryNews (news: DirectoryNews): string {
  return JSON.stringify(news)
}

export function decodeDirectoryNews (body: string): DirectoryNews {
  return JSON.parse(body) as DirectoryNews
}
