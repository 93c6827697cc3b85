import { isActive } from '../domain/claim.ts'
import type { AnyRecord } from '../domain/draft.ts'
import { claimIdTime, type FloorId, type OrgId, type PersonId, type SpaceId } from '../domain/ids.ts'
import { claimKey, dayKey, floorKey, personKey, spaceKey, type Key } from '../domain/keys.ts'
import { KNOWN_AFTER_ID } from '../domain/holdings.ts'
import { shownName } from '../domain/person.ts'
import type { Rules } from '../domain/rules.ts'
import { utcDays, type Millis } from '../domain/time.ts'
import { encodeAddition, encodeRecord } from './codec.ts'
import { chunks } from './deadlines.ts'
import { Loads } from './loads.ts'
import type { Directory, StoredFloor } from './directory.ts'
import type { Freeze, Ledger, LedgerClaim, LedgerOrg, LedgerSpace, Store } from './ports.ts'
import { spaceAnew } from './space-anew.ts'
import type { SiteRules } from './transact.ts'

/** As many claims as a page has cost Postgres some ten milliseconds. */
const CLAIMS_PER_PAGE = 5_000
const PEOPLE_PER_PAGE = 1_000
/** Between two of them others have their turn, and progress is told. */
const SPACES_AT_ONCE = 200

export interface RebuildParts {
  store: Store
  ledger: Ledger
  directory: Directory
  siteRules (org: OrgId, site: string): SiteRules | Promise<SiteRules>
  /** So many more spaces are made anew, and so many more claims read; `left`: spaces of the org that are still to come. */
  onProgress? (shard: number, what: { spaces: number, claims: number, left: number }): void
}

/** Recovery step 4, the long way: a shard's live state anew from the ledger and the directory. Nothing that was persisted is left out (INV-5). */
export async function rebuild (parts: RebuildParts, freeze: Freeze, orgs: readonly LedgerOrg[], n: number, now: Millis): Promise<void> {
  await parts.store.clear(freeze)
  // A record's version is never 0: that means there is none.
  const loads = new Loads(parts.store, freeze, Math.max(1, n))
  for (const org of orgs) await new OrgRebuild(parts, freeze, loads, org, now).run()
  await loads.done()
  await parts.store.load(freeze, { records: [], due: [], seqs: new Map(), n })
}

class OrgRebuild {
  readonly #parts: RebuildParts
  readonly #freeze: Freeze
  readonly #loads: Loads
  readonly #org: OrgId
  readonly #seqs: ReadonlyMap<FloorId, number>
  readonly #spaces: ReadonlyMap<SpaceId, LedgerSpace>
  readonly #now: Millis
  /** People's records come together from all floors: their text, as far as it is known. */
  readonly #people = new Map<Key, string>()
  #left = 0

  constructor (parts: RebuildParts, freeze: Freeze, loads: Loads, { org, seqs, spaces }: LedgerOrg, now: Millis) {
    this.#parts = parts
    this.#freeze = freeze
    this.#loads = loads
    this.#org = org
    this.#seqs = seqs
    this.#spaces = new Map(spaces.map(space => [space.space, space]))
    this.#now = now
  }

  async run (): Promise<void> {
    const floors = await this.#parts.directory.floors(this.#org)
    this.#left = floors.reduce((sum, { spaces }) => sum + spaces, 0)
    const names = await this.#shownNames()
    const claims = await this.#claimsBySpace()
    for (const { id, spaces } of floors) {
      // A floor that no commit has touched yet is brought in line with the directory afterwards, like any new one.
      const floor = (this.#seqs.get(id) ?? 0) > 0 ? await this.#parts.directory.floor(this.#org, id) : null
      if (floor === null) this.#left -= spaces
      else await this.#floor(floor, claims, names)
    }
    for (const [key, body] of this.#people) {
      this.#loads.put(this.#org, key, null, body)
      const full = this.#loads.room()
      if (full !== undefined) await full
    }
  }

  async #floor (floor: StoredFloor, claims: Map<SpaceId, LedgerClaim[]>, names: ReadonlyMap<PersonId, string | null>): Promise<void> {
    const rules: Rules = { ...await this.#parts.siteRules(this.#org, floor.site), now: this.#now, noShowsNotBefore: 0, provisional: false }
    const seq = this.#seqs.get(floor.id) ?? 1
    for (const part of chunks(floor.spaces, SPACES_AT_ONCE)) {
      for (const space of part) {
        const { block = null, reading = null } = this.#spaces.get(space.id) ?? {}
        const held = (claims.get(space.id) ?? []).sort((a, b) => a.claim.from - b.claim.from)
        claims.delete(space.id)
        const { record, days } = spaceAnew(rules, floor, space, { block, reading }, held.map(({ claim }) => ({ claim, name: names.get(claim.person) ?? null })))
        this.#put(spaceKey(space.id), record, seq)
        if (record.due !== null) this.#loads.due(`space/${this.#org}/${space.id}`, record.due)
        for (const [date, holdings] of days) this.#put(dayKey(space.id, date), { holdings }, seq)
        for (const known of held) this.#active(known)
        const full = this.#loads.room()
        if (full !== undefined) await full
      }
      this.#left -= part.length
      this.#parts.onProgress?.(this.#freeze.shard, { spaces: part.length, claims: 0, left: this.#left })
    }
    const { smallZone, displayNames } = rules.policy
    const record = { site: floor.site, plan: 0, policy: 0, name: floor.name, spaces: floor.spaces.map(({ id }) => id), smallZone, displayNames }
    // Revision 0 is nobody's: the floor is brought in line with the directory as soon as the shard lives.
    this.#put(floorKey(floor.id), record, seq)
    this.#loads.seq(`${this.#org}/${floor.id}`, seq)
  }

  #active (known: LedgerClaim): void {
    const { id, space, kind, person, from, to } = known.claim
    for (const day of utcDays({ from, to })) {
      const key = personKey(person, day)
      const text = this.#people.get(key) ?? encodeRecord(key, { slots: [] })
      this.#people.set(key, `${text}\n${encodeAddition(key, { id, space, kind, from, to })}`)
    }
    this.#put(claimKey(id), known, null)
  }

  /** `version` null: the shard's number. */
  #put (key: Key, record: AnyRecord, version: number | null): void {
    this.#loads.put(this.#org, key, version, encodeRecord(key, record))
  }

  async #shownNames (): Promise<Map<PersonId, string | null>> {
    const names = new Map<PersonId, string | null>()
    for (let after: string | null = null; ;) {
      const page = await this.#parts.directory.people(this.#org, { after, limit: PEOPLE_PER_PAGE })
      for (const person of page) names.set(person.id, shownName(person))
      after = page.at(-1)?.id ?? null
      if (page.length < PEOPLE_PER_PAGE) return names
    }
  }

  /** Ended claims are loaded at once: only their ids must be known. */
  async #claimsBySpace (): Promise<Map<SpaceId, LedgerClaim[]>> {
    const active = new Map<SpaceId, LedgerClaim[]>()
    const page = (after: string | null) => this.#parts.ledger.claimsToLoad(this.#org, this.#now, after, CLAIMS_PER_PAGE)
    for (let coming = page(null); ;) {
      const claims = await coming
      // The next one is on its way while this one is looked at.
      if (claims.length === CLAIMS_PER_PAGE) {
        coming = page(claims.at(-1)?.claim.id ?? null)
        coming.catch(() => {})
      }
      for (const known of claims) {
        const others = active.get(known.claim.space)
        if (!isActive(known.claim)) this.#ended(known)
        else if (others === undefined) active.set(known.claim.space, [known])
        else others.push(known)
      }
      await this.#loads.room()
      this.#parts.onProgress?.(this.#freeze.shard, { spaces: 0, claims: claims.length, left: this.#left })
      if (claims.length < CLAIMS_PER_PAGE) return active
    }
  }

  #ended (known: LedgerClaim): void {
    const { id, life } = known.claim
    this.#put(claimKey(id), known, null)
    if (life.state === 'ended') this.#loads.due(`claim/${this.#org}/${id}`, Math.max(life.at, claimIdTime(id) + KNOWN_AFTER_ID))
  }
}
