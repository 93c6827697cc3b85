import assert from 'node:assert/strict'
import type { Claim, ClaimLife } from '../../../src/domain/claim.ts'
import type { Event } from '../../../src/domain/event.ts'
import { shardOf, SHARDS, type ClaimId, type FloorId, type OrgId, type SpaceId } from '../../../src/domain/ids.ts'
import type { Block, Reading } from '../../../src/domain/space.ts'
import { HOUR, MINUTE, type Millis } from '../../../src/domain/time.ts'
import type { Cursor, Ledger, LedgerEntry, LedgerOrg, Recorded } from '../../../src/application/ports.ts'

/** A Monday morning, on a whole second. */
export const NOW: Millis = Date.UTC(2026, 9, 5, 8)

export const START: Cursor = { epoch: 0, stream: 0, n: 0 }

/** An org with a shard of its own, and a ledger that records its commits. */
export interface Office {
  org: OrgId
  shard: number
  ledger: Ledger
  /** Records entries from where the cursor is; asserts that it was there. */
  record (...entries: readonly LedgerEntry[]): Promise<Extract<Recorded, { state: 'recorded' }>>
  /** One commit: its number and the floors' seqs follow on from those before. */
  entry (events: readonly Event[], org?: OrgId): LedgerEntry
  /** What the shard's store would be rebuilt from, for this org. */
  live (): Promise<LedgerOrg>
}

let shards = 0

/** Every office takes the next of the 64 shards: what one test writes no other reads. */
export function openOffice (ledger: Ledger): Office {
  const shard = shards++
  assert.ok(shard < SHARDS, 'no shard is left')
  const org = orgIn(shard)
  let n = 0
  const seqs = new Map<string, number>()
  const next = (of: OrgId, floor: FloorId): number => {
    const seq = (seqs.get(`${of}/${floor}`) ?? 0) + 1
    seqs.set(`${of}/${floor}`, seq)
    return seq
  }
  return {
    org,
    shard,
    ledger,
    entry (events, of = org) {
      const floors = new Set(events.map(event => event.floor))
      return { n: ++n, seqs: new Map([...floors].map(floor => [floor, next(of, floor)])), entry: { f: 1, org: of, at: NOW + n, by: 'anna', events } }
    },
    async record (...entries) {
      assert.deepEqual(entries, [...entries].sort((a, b) => a.n - b.n), 'a stream is in order')
      const recorded = await ledger.record(shard, await ledger.cursor(shard), entries)
      assert.equal(recorded.state, 'recorded')
      return recorded
    },
    async live () {
      const found = (await ledger.orgs(shard)).find(one => one.org === org)
      assert.ok(found)
      return found
    }
  }
}

/** The `which`th org that hashes to the shard. */
export function orgIn (shard: number, which = 0): OrgId {
  for (let i = 0; ; i++) {
    const org = `org-${i}`
    if (shardOf(org) === shard && which-- === 0) return org
  }
}

let ids = 0

/** A UUIDv7 of that moment, greater than those made before for the same moment. */
export function idAt (at: Millis): ClaimId {
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${(ids >> 12).toString(16).padStart(3, '0')}-8${(ids++ & 0xfff).toString(16).padStart(3, '0')}-000000000000`
}

export const booked: ClaimLife = { state: 'booked', releaseAt: NOW + 15 * MINUTE }
export const present: ClaimLife = { state: 'present', since: NOW + 4_321 }
export const ended: ClaimLife = { state: 'ended', at: NOW + HOUR, why: 'released' }

/** Anna's claim of desk d1 for an hour, unless told otherwise. */
export function claimOf (other: Partial<Claim> = {}): Claim {
  return {
    id: idAt(NOW), space: 'd1', floor: 'hq-1', kind: 'desk', person: 'anna', by: 'anna', from: NOW, to: NOW + HOUR, createdAt: NOW - 1_500, sole: true, life: booked, ...other
  }
}

export const granted = (claim: Claim, hash = 'h'): Event => ({ type: 'granted', floor: claim.floor, space: claim.space, claim, hash })
export const checkedIn = (claim: Claim): Event => ({ type: 'checked-in', floor: claim.floor, space: claim.space, claim: { ...claim, life: present } })
export const endedBy = (claim: Claim, life: ClaimLife = ended): Event => ({ type: 'ended', floor: claim.floor, space: claim.space, claim: { ...claim, life }, why: 'released' })
export const changed = (claim: Claim): Event => ({ type: 'changed', floor: claim.floor, space: claim.space, claim })

export function movedTo (claim: Claim, to: { floor: FloorId, space: SpaceId }): Event {
  return { type: 'moved', ...to, claim: { ...claim, ...to }, was: { floor: claim.floor, space: claim.space, from: claim.from } }
}

export const blockOf = (other: Partial<Block> = {}): Block => ({ since: NOW, until: NOW + HOUR, reason: 'a broken lamp', by: 'bob', ...other })
export const blocked = (space: SpaceId, block: Block): Event => ({ type: 'blocked', floor: 'hq-1', space, block })
export const unblocked = (space: SpaceId): Event => ({ type: 'unblocked', floor: 'hq-1', space })
export const readingOf = (other: Partial<Reading> = {}): Reading => ({ value: 'occupied', at: NOW + 7, since: NOW - 7, staleAt: NOW + 10 * MINUTE, marks: true, ...other })
export const read = (space: SpaceId, reading: Reading): Event => ({ type: 'read', floor: 'hq-1', space, reading })
