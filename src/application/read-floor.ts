import { PerchError } from '../domain/errors.ts'
import type { FloorId, OrgId, SpaceId } from '../domain/ids.ts'
import { floorKey, nameOf, spaceKey, type Key } from '../domain/keys.ts'
import type { FloorRecord, SpaceRecord } from '../domain/space.ts'
import { decodeRecord } from './codec.ts'
import { decodeFloorNews, type FloorNews } from './news.ts'
import { FloorState, type Versioned } from './floor-state.ts'
import type { Listener, Snapshot, Store, Stored } from './ports.ts'

/** One commit's message on a floor's topic. */
export interface FloorMessage {
  epoch: number
  seq: number
  news: FloorNews
}

export function floorMessage ({ epoch, seq, body }: Parameters<Listener>[0]): FloorMessage {
  return { epoch, seq, news: decodeFloorNews(body) }
}

/** A floor's records, page by page: each page as it was at some seq in [from, to]. */
export interface FloorPages {
  epoch: number
  from: number
  to: number
  floor: Versioned<FloorRecord>
  spaces: Map<SpaceId, Versioned<SpaceRecord>>
}

/**
 * All records of a floor. The floor's own record stands in every page, so that all pages are of one plan and a floor of one page is consistent by itself.
 * Null: the plan or the epoch changed between two pages. @throws FLOOR_UNKNOWN, RECOVERING
 */
export async function readPages (store: Store, org: OrgId, floor: FloorId, pageSpaces: number): Promise<FloorPages | null> {
  const first = floorOf(await store.read(org, [floorKey(floor)], [floor]), floor)
  const ids = first.floor.record.spaces
  const pages: FloorPages = { epoch: first.epoch, from: first.seq, to: first.seq, floor: first.floor, spaces: new Map() }
  for (let start = 0; start < ids.length; start += pageSpaces) {
    const keys = ids.slice(start, start + pageSpaces).map(spaceKey)
    const snapshot = await store.read(org, [floorKey(floor), ...keys], [floor])
    const page = floorOf(snapshot, floor)
    if (page.epoch !== first.epoch || page.floor.version !== first.floor.version) return null
    // Nothing but the plan was taken from the read before the first page.
    if (start === 0) pages.from = page.seq
    pages.to = page.seq
    for (const key of keys) takeSpace(pages.spaces, key, snapshot.records.get(key))
  }
  return pages
}

/**
 * Makes one consistent state of pages and the messages since before the first of them, oldest first. Null: messages are missing that some page had seen; they may
 * still be on their way.
 */
export function settlePages (pages: FloorPages, messages: readonly FloorMessage[]): FloorState | null {
  const spaces = new Map(pages.spaces)
  let seq = pages.from
  for (const message of messages) {
    if (message.epoch !== pages.epoch || message.seq <= seq) continue
    // A new plan came after the last page; the state itself knows what that means.
    if (message.seq !== seq + 1 || message.news.floor !== null) break
    seq = message.seq
    for (const [id, record] of message.news.spaces) {
      if (seq > (spaces.get(id)?.version ?? 0)) spaces.set(id, { record, version: seq })
    }
  }
  return seq < pages.to ? null : new FloorState({ epoch: pages.epoch, seq }, pages.floor, spaces)
}

/** @throws FLOOR_UNKNOWN */
function floorOf (snapshot: Snapshot, floor: FloorId): { epoch: number, seq: number, floor: Versioned<FloorRecord> } {
  const stored = snapshot.records.get(floorKey(floor))
  if (stored === undefined || stored.body === null) throw new PerchError('FLOOR_UNKNOWN', { floor })
  const record = decodeRecord(floorKey(floor), stored.body) as FloorRecord
  return { epoch: snapshot.epoch, seq: snapshot.seqs.get(floor) ?? 0, floor: { record, version: stored.version } }
}

/** A space that the plan names and no commit has placed yet has no record: the commit that places it will tell. */
function takeSpace (spaces: Map<SpaceId, Versioned<SpaceRecord>>, key: Key, stored: Stored | undefined): void {
  if (stored === undefined || stored.body === null) return
  spaces.set(nameOf(key), { record: decodeRecord(key, stored.body) as SpaceRecord, version: stored.version })
}
