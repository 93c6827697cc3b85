import { isActive, withLife, type Claim } from '../domain/claim.ts'
import type { ClaimId, OrgId } from '../domain/ids.ts'
import { nameOf } from '../domain/keys.ts'
import type { ClaimRecord, Reading, SpaceRecord } from '../domain/space.ts'
import type { Millis } from '../domain/time.ts'
import { decodeStored } from './codec.ts'
import { chunks } from './deadlines.ts'
import type { Cursor, Freeze, Ledger, LedgerClaim, LedgerOrg, LedgerSpace, LoadedRecord, Resync, Store } from './ports.ts'

/** Records of one look into the store, and rows of one transaction. */
const PAGE = 1_000
/** Claims with another place or time than the ledger knows. They may stand in each other's old places, so as many as possible are written at once. */
const MOVED_AT_ONCE = 20_000

export interface ResyncParts {
  store: Store
  ledger: Ledger
}

/** `refused`: each of the two has something that the other lacks. `moved`: a later recovery began. */
export type Resynced = { state: 'done', claims: number, spaces: number } | { state: 'refused' } | { state: 'moved' }

/**
 * Recovery step 4 where a store is ahead of the ledger in the ledger's own history: what the ledger has lost goes there, page by page, its floors' positions last. Broken off
 * anywhere it is done again from the start by the next recovery, which finds the store as it was and the floors still behind. What happened in between is not known any more:
 * the event `resync` says from where to where.
 */
export async function resync (parts: ResyncParts, freeze: Freeze, cursor: Cursor, orgs: readonly LedgerOrg[], positions: ReadonlyMap<string, number>, now: Millis): Promise<Resynced> {
  const run = new ResyncRun(parts, freeze, cursor, orgs, now)
  try {
    for (const org of new Set([...orgs.map(({ org }) => org), ...Array.from(positions.keys(), orgOf)])) await run.takeBack(org)
    await run.giveClaims()
    await run.giveSpaces()
    await run.giveFloors(positions)
    return { state: 'done', claims: run.claims, spaces: run.spaces }
  } catch (thrown) {
    if (thrown instanceof Stopped) return { state: thrown.state }
    throw thrown
  }
}

/** Thrown within a run, never out of it. */
class Stopped {
  readonly state: 'refused' | 'moved'
  constructor (state: 'refused' | 'moved') {
    this.state = state
  }
}

class ResyncRun {
  readonly #parts: ResyncParts
  readonly #freeze: Freeze
  readonly #cursor: Cursor
  readonly #known: ReadonlyMap<OrgId, LedgerOrg>
  readonly #now: Millis
  claims = 0
  spaces = 0

  constructor (parts: ResyncParts, freeze: Freeze, cursor: Cursor, orgs: readonly LedgerOrg[], now: Millis) {
    this.#parts = parts
    this.#freeze = freeze
    this.#cursor = cursor
    this.#known = new Map(orgs.map(org => [org.org, org]))
    this.#now = now
  }

  /** What the ledger takes for active, and is so no more or elsewhere by now: first of all, since it would stand in the way of the rest. */
  async takeBack (org: OrgId): Promise<void> {
    const moved: LedgerClaim[] = []
    for (let after: ClaimId | null = null; ;) {
      const page: LedgerClaim[] = await this.#parts.ledger.claimsToLoad(org, this.#now, after, PAGE)
      const active = page.filter(({ claim }) => isActive(claim))
      const there = await this.#parts.store.peek(this.#freeze, org, active.map(({ claim }) => claim.id))
      const ended: LedgerClaim[] = []
      for (const known of active) {
        const stored = there.get(known.claim.id)
        const live = stored === undefined || stored.body === null ? this.#forgotten(known) : decodeStored(`claim/${known.claim.id}`, stored).value as ClaimRecord
        if (!isActive(live.claim)) ended.push(live)
        else if (!samePlace(live.claim, known.claim)) moved.push(live)
      }
      await this.#write(org, { claims: ended })
      after = page.at(-1)?.claim.id ?? null
      if (page.length < PAGE) break
    }
    for (const part of chunks(moved, MOVED_AT_ONCE)) await this.#write(org, { claims: part })
  }

  /** Every claim that the store knows. */
  async giveClaims (): Promise<void> {
    await this.#scan('claim', async (org, records) => {
      const live = records.map(({ key, stored }) => decodeStored(key, stored).value as ClaimRecord)
      const known = new Map((await this.#parts.ledger.known(org, live.map(({ claim }) => claim.id))).map(one => [one.claim.id, one]))
      await this.#write(org, { claims: live.filter(({ claim }) => !isSame(claim, known.get(claim.id)?.claim)) })
    })
  }

  async giveSpaces (): Promise<void> {
    const known = new Map(Array.from(this.#known, ([org, { spaces }]) => [org, new Map(spaces.map(space => [space.space, space]))]))
    await this.#scan('space', async (org, records) => {
      const live = records.map(({ key, stored }): LedgerSpace => {
        const { block, reading } = decodeStored(key, stored).value as SpaceRecord
        return { space: nameOf(key), block, reading }
      })
      await this.#write(org, { spaces: live.filter(space => differs(space, known.get(org)?.get(space.space))) })
    })
  }

  async giveFloors (positions: ReadonlyMap<string, number>): Promise<void> {
    const floors = new Map<OrgId, Resync['floors'][number][]>()
    for (const [name, to] of positions) {
      const [org, floor] = [orgOf(name), name.slice(name.indexOf('/') + 1)]
      const from = this.#known.get(org)?.seqs.get(floor) ?? 0
      if (to > from) floors.set(org, [...floors.get(org) ?? [], { floor, from, to }])
    }
    for (const [org, all] of floors) for (const part of chunks(all, PAGE)) await this.#write(org, { floors: part })
  }

  async #scan (type: 'claim' | 'space', give: (org: OrgId, records: readonly LoadedRecord[]) => Promise<void>): Promise<void> {
    for (let after: string | null = null; ;) {
      const page = await this.#parts.store.scan(this.#freeze, type, after, PAGE)
      // A page may give a record twice, and a statement does not take it twice.
      const once = [...new Map(page.records.map(record => [`${record.org}/${record.key}`, record])).values()]
      for (const org of new Set(once.map(({ org }) => org))) await give(org, once.filter(record => record.org === org))
      after = page.next
      if (after === null) return
    }
  }

  /** The store has forgotten it: it ended long ago. One that is not over yet cannot have been forgotten. */
  #forgotten ({ claim, hash }: LedgerClaim): LedgerClaim {
    if (claim.to > this.#now) throw new Stopped('refused')
    return { claim: withLife(claim, { state: 'ended', at: claim.to, why: 'over' }), hash }
  }

  async #write (org: OrgId, part: Partial<Pick<Resync, 'claims' | 'spaces' | 'floors'>>): Promise<void> {
    const { claims = [], spaces = [], floors = [] } = part
    if (claims.length + spaces.length + floors.length === 0) return
    const done = await this.#parts.ledger.resync(this.#freeze.shard, this.#cursor, { org, at: this.#now, claims, spaces, floors })
    if (done !== 'done') throw new Stopped(done)
    this.claims += claims.length
    this.spaces += spaces.length
  }
}

function orgOf (name: string): OrgId {
  return name.slice(0, name.indexOf('/'))
}

function samePlace (a: Claim, b: Claim): boolean {
  return a.space === b.space && a.from === b.from && a.to === b.to && a.kind === b.kind && a.person === b.person && a.sole === b.sole
}

function isSame (a: Claim, b: Claim | undefined): boolean {
  return b !== undefined && samePlace(a, b) && a.floor === b.floor && JSON.stringify(a.life) === JSON.stringify(b.life)
}

function differs (live: LedgerSpace, known: LedgerSpace | undefined): boolean {
  return JSON.stringify(live.block) !== JSON.stringify(known?.block ?? null) || !sameReading(live.reading, known?.reading ?? null)
}

/** That a reading went stale is no event: the ledger has the moment at which it would. */
function sameReading (live: Reading | null, known: Reading | null): boolean {
  if (live === null || known === null) return live === known
  return JSON.stringify({ ...live, staleAt: live.staleAt ?? known.staleAt }) === JSON.stringify(known)
}
