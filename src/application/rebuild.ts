import { isActive } from '../domain/claim.ts'
import { Draft, type Change, type Known } from '../domain/draft.ts'
import type { OrgId, PersonId, SpaceId } from '../domain/ids.ts'
import { floorKey, claimKey, typeOf, type Key } from '../domain/keys.ts'
import { claimIdTime } from '../domain/ids.ts'
import { datesOf, KNOWN_AFTER_ID, putHolding } from '../domain/holdings.ts'
import { settle } from '../domain/occupancy.ts'
import { shownName } from '../domain/person.ts'
import { newSpace } from '../domain/place-spaces.ts'
import type { Rules } from '../domain/rules.ts'
import type { Space } from '../domain/plan.ts'
import type { Millis } from '../domain/time.ts'
import { encodeRecord } from './codec.ts'
import { chunks } from './deadlines.ts'
import type { Directory, Freeze, Ledger, LedgerClaim, LedgerOrg, LoadedRecord, Store, StoredFloor } from './ports.ts'
import type { SiteRules } from './transact.ts'

const CLAIMS_PER_PAGE = 1_000
const PEOPLE_PER_PAGE = 1_000
const RECORDS_PER_LOAD = 500
const SPACES_AT_ONCE = 200

export interface RebuildParts {
  store: Store
  ledger: Ledger
  directory: Directory
  siteRules (org: OrgId, site: string): SiteRules | Promise<SiteRules>
  onProgress? (shard: number, what: { org: OrgId, spaces: number, claims: number }): void
}

const ABSENT: Known = { version: 0, value: null }

/** Recovery step 4, the long way: a shard's live state anew from the ledger and the directory. Nothing that was persisted is left out (INV-5). */
export async function rebuild (parts: RebuildParts, freeze: Freeze, n: number, now: Millis): Promise<void> {
  await parts.store.clear(freeze)
  for (const org of await parts.ledger.orgs(freeze.shard)) await new OrgRebuild(parts, freeze, org, n, now).run()
  await parts.store.load(freeze, { records: [], due: [], seqs: new Map(), n })
}

class OrgRebuild {
  readonly #parts: RebuildParts
  readonly #freeze: Freeze
  readonly #org: LedgerOrg
  readonly #n: number
  readonly #now: Millis
  /** People's records come together from all floors. */
  readonly #people = new Map<Key, Known>()
  #spaces = 0
  #claims = 0

  constructor (parts: RebuildParts, freeze: Freeze, org: LedgerOrg, n: number, now: Millis) {
    this.#parts = parts
    this.#freeze = freeze
    this.#org = org
    // A record's version is never 0: that means there is none.
    this.#n = Math.max(1, n)
    this.#now = now
  }

  async run (): Promise<void> {
    const { org } = this.#org
    const names = await this.#shownNames()
    const claims = await this.#claimsBySpace()
    for (const { id } of await this.#parts.directory.floors(org)) {
      const floor = await this.#parts.directory.floor(org, id)
      // A floor that no commit has touched yet is brought in line with the directory afterwards, like any new one.
      if (floor !== null && (this.#org.seqs.get(id) ?? 0) > 0) await this.#floor(floor, claims, names)
    }
    await this.#put(Array.from(this.#people, ([key, { version, value }]) => {
      return { org, key, stored: { version, body: value === null ? null : encodeRecord(key, value) } }
    }), [])
  }

  async #floor (floor: StoredFloor, claims: Map<SpaceId, LedgerClaim[]>, names: Map<PersonId, string | null>): Promise<void> {
    const { org, seqs } = this.#org
    const rules: Rules = { ...await this.#parts.siteRules(org, floor.site), now: this.#now, noShowsNotBefore: 0, provisional: false }
    for (const part of chunks(floor.spaces, SPACES_AT_ONCE)) {
      const draft = new Draft({ has: () => true, get: key => this.#people.get(key) ?? ABSENT })
      for (const space of part) this.#space(draft, rules, floor, space, claims.get(space.id) ?? [], names)
      await this.#load(draft.changes()?.writes ?? [])
      this.#parts.onProgress?.(this.#freeze.shard, { org, spaces: this.#spaces, claims: this.#claims })
    }
    const seq = seqs.get(floor.id) ?? 0
    const record = { site: floor.site, plan: 0, policy: 0, name: floor.name, spaces: floor.spaces.map(({ id }) => id) }
    // Revision 0 is nobody's: the floor is brought in line with the directory as soon as the shard lives.
    const stored = { org, key: floorKey(floor.id), stored: { version: seq, body: encodeRecord(floorKey(floor.id), record) } }
    await this.#parts.store.load(this.#freeze, { records: [stored], due: [], seqs: new Map([[`${org}/${floor.id}`, seq]]), n: this.#n })
  }

  #space (draft: Draft, rules: Rules, floor: StoredFloor, space: Space, claims: readonly LedgerClaim[], names: Map<PersonId, string | null>): void {
    const { block = null, reading = null } = this.#org.spaces.find(known => known.space === space.id) ?? {}
    const fresh = newSpace({ site: floor.site, floor: floor.id }, { ...space, space: space.id, removed: false }, rules)
    draft.setSpace(space.id, { ...fresh, block, reading })
    for (const { claim, hash } of claims) {
      putHolding(draft, { claim, name: names.get(claim.person) ?? null, dates: datesOf(rules, claim), provisional: false }, hash)
    }
    settle(draft, rules, space.id)
    const settled = draft.space(space.id)
    // Whatever fell due during the outage is done by the keeper as its first work: one look at each space that time can change.
    if (settled !== null && (claims.length > 0 || block !== null || reading !== null)) draft.setSpace(space.id, { ...settled, due: this.#now })
    this.#spaces++
  }

  async #shownNames (): Promise<Map<PersonId, string | null>> {
    const names = new Map<PersonId, string | null>()
    for (let after: string | null = null; ;) {
      const page = await this.#parts.directory.people(this.#org.org, { after, limit: PEOPLE_PER_PAGE })
      for (const person of page) names.set(person.id, shownName(person))
      after = page.at(-1)?.id ?? null
      if (page.length < PEOPLE_PER_PAGE) return names
    }
  }

  /** Ended claims are loaded at once: only their ids must be known. */
  async #claimsBySpace (): Promise<Map<SpaceId, LedgerClaim[]>> {
    const { org } = this.#org
    const active = new Map<SpaceId, LedgerClaim[]>()
    for (let after: string | null = null; ;) {
      const page: LedgerClaim[] = await this.#parts.ledger.claimsToLoad(org, this.#now, after, CLAIMS_PER_PAGE)
      for (const known of page) {
        if (!isActive(known.claim)) continue
        const others = active.get(known.claim.space)
        if (others === undefined) active.set(known.claim.space, [known])
        else others.push(known)
        this.#claims++
      }
      await this.#load(page.filter(({ claim }) => !isActive(claim)).map(known => ({ key: claimKey(known.claim.id), value: known, added: null, floor: null })))
      after = page.at(-1)?.claim.id ?? null
      if (page.length < CLAIMS_PER_PAGE) return active
    }
  }

  async #load (writes: readonly Change[]): Promise<void> {
    const { org, seqs } = this.#org
    const records: LoadedRecord[] = []
    const due: Array<{ name: string, at: Millis }> = []
    for (const { key, value, floor } of writes) {
      if (value === null) continue
      const version = floor === null ? this.#n : seqs.get(floor) ?? 1
      if (typeOf(key) === 'person') {
        this.#people.set(key, { version, value })
        continue
      }
      records.push({ org, key, stored: { version, body: encodeRecord(key, value) } })
      if ('due' in value && value.due !== null) due.push({ name: `space/${org}/${key.slice('space/'.length)}`, at: value.due })
      if ('hash' in value && value.claim.life.state === 'ended') {
        due.push({ name: `claim/${org}/${value.claim.id}`, at: Math.max(value.claim.life.at, claimIdTime(value.claim.id) + KNOWN_AFTER_ID) })
      }
    }
    await this.#put(records, due)
  }

  async #put (records: readonly LoadedRecord[], due: ReadonlyArray<{ name: string, at: Millis }>): Promise<void> {
    for (const part of chunks(records, RECORDS_PER_LOAD)) await this.#parts.store.load(this.#freeze, { records: part, due: [], seqs: new Map(), n: this.#n })
    for (const part of chunks(due, RECORDS_PER_LOAD)) await this.#parts.store.load(this.#freeze, { records: [], due: part, seqs: new Map(), n: this.#n })
  }
}
