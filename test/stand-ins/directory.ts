import type { AuditNote } from '../../src/application/audit.ts'
import type { Directory, Group, Org, PinHash, Site, StoredFloor, StoredPerson } from '../../src/application/directory.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { isFoundBy } from '../../src/domain/name-words.ts'
import { PIN_LOCKED_MS, PIN_TRIES } from '../../src/domain/person.ts'
import type { Floor } from '../../src/domain/plan.ts'

/** The directory's contract in this process, for tests whose subject is not the directory. `away` makes it answer as if Postgres were gone. */
export class DirectoryInMemory implements Directory {
  away = false
  reads = 0
  readonly #orgs = new Map<string, Org>()
  readonly #sites = new Map<string, Site>()
  readonly #floors = new Map<string, StoredFloor>()
  readonly #people = new Map<string, StoredPerson>()
  readonly #groups = new Map<string, Group>()
  /** What was to be written down with a change. */
  readonly notes: AuditNote[] = []
  readonly #pins = new Map<string, { pin: PinHash, tries: number, lockedUntil: number }>()

  #open (): void {
    this.reads++
    if (this.away) throw new PerchError('LEDGER_BEHIND')
  }

  #of<T extends { id: string }> (map: Map<string, T>, org: string): T[] {
    return Array.from(map).filter(([key]) => key.startsWith(`${org}/`)).map(([, value]) => value).sort((a, b) => a.id < b.id ? -1 : 1)
  }

  noting (notes: readonly AuditNote[]): Directory {
    this.notes.push(...notes)
    return this
  }

  async org (org: string): Promise<Org | null> {
    this.#open()
    return this.#orgs.get(org) ?? null
  }

  async orgs ({ after, limit }: { after: string | null, limit: number }): Promise<Org[]> {
    this.#open()
    return [...this.#orgs.values()].filter(({ id }) => after === null || id > after).sort((a, b) => a.id < b.id ? -1 : 1).slice(0, limit)
  }

  async putOrg (org: Pick<Org, 'id' | 'name' | 'policy'>): Promise<Org> {
    this.#open()
    const known = this.#orgs.get(org.id)
    const changed = known !== undefined && JSON.stringify(known.policy) !== JSON.stringify(org.policy)
    const stored = { ...org, policyRevision: known === undefined ? 1 : known.policyRevision + (changed ? 1 : 0) }
    this.#orgs.set(org.id, stored)
    return stored
  }

  async site (org: string, site: string): Promise<Site | null> {
    this.#open()
    return this.#sites.get(`${org}/${site}`) ?? null
  }

  async sites (org: string): Promise<Site[]> {
    this.#open()
    return this.#of(this.#sites, org)
  }

  async putSite (org: string, site: Site): Promise<{ site: Site, policyRevision: number }> {
    this.#open()
    const owner = this.#orgs.get(org)
    if (owner === undefined) throw new PerchError('ORG_UNKNOWN')
    const known = this.#sites.get(`${org}/${site.id}`)
    const changed = known !== undefined && JSON.stringify([known.policy, known.hours]) !== JSON.stringify([site.policy, site.hours])
    const policyRevision = owner.policyRevision + (changed ? 1 : 0)
    this.#orgs.set(org, { ...owner, policyRevision })
    this.#sites.set(`${org}/${site.id}`, site)
    return { site, policyRevision }
  }

  async floor (org: string, floor: string): Promise<StoredFloor | null> {
    this.#open()
    return this.#floors.get(`${org}/${floor}`) ?? null
  }

  async floors (org: string) {
    this.#open()
    return this.#of(this.#floors, org).map(({ id, site, name, level, revision, spaces }) => ({ id, site, name, level, revision, spaces: spaces.length }))
  }

  async putFloor (org: string, floor: Floor, revision: number): Promise<StoredFloor> {
    this.#open()
    if (!this.#sites.has(`${org}/${floor.site}`)) throw new PerchError('SITE_UNKNOWN', { site: floor.site })
    const known = this.#floors.get(`${org}/${floor.id}`)
    if ((known?.revision ?? 0) !== revision) throw new PerchError('PLAN_CHANGED', { revision: known?.revision ?? 0 })
    const elsewhere = await this.floorsOf(org, floor.spaces.map(({ id }) => id))
    for (const [space, owner] of elsewhere) if (owner !== floor.id) throw new PerchError('PLAN_INVALID', { space, floor: owner })
    const ids = new Set(floor.spaces.map(({ id }) => id))
    const removed = [...known?.removed ?? [], ...(known?.spaces ?? []).map(({ id }) => id)].filter(id => !ids.has(id))
    const stored = { ...floor, revision: revision + 1, removed }
    this.#floors.set(`${org}/${floor.id}`, stored)
    return stored
  }

  async floorsOf (org: string, spaces: readonly string[]): Promise<Map<string, string>> {
    this.#open()
    const found = new Map<string, string>()
    for (const floor of this.#of(this.#floors, org)) {
      for (const id of [...floor.spaces.map(space => space.id), ...floor.removed]) if (spaces.includes(id)) found.set(id, floor.id)
    }
    return found
  }

  async person (org: string, person: string): Promise<StoredPerson | null> {
    this.#open()
    return this.#people.get(`${org}/${person}`) ?? null
  }

  async people (org: string, { after, limit, group }: { after: string | null, limit: number, group?: string | undefined }): Promise<StoredPerson[]> {
    this.#open()
    return this.#of(this.#people, org).filter(({ id, groups }) => (after === null || id > after) && (group === undefined || groups.includes(group))).slice(0, limit)
  }

  async personByBadge (org: string, badge: string): Promise<StoredPerson | null> {
    this.#open()
    return this.#of(this.#people, org).find(({ badges }) => badges.includes(badge)) ?? null
  }

  async findPeople (org: string, words: readonly string[], limit: number): Promise<StoredPerson[]> {
    this.#open()
    return this.#of(this.#people, org).filter(({ name, visibility }) => visibility === 'everyone' && isFoundBy(name, words)).sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0).slice(0, limit)
  }

  async setVisibility (org: string, id: string, visibility: StoredPerson['visibility']): Promise<boolean> {
    this.#open()
    const person = this.#people.get(`${org}/${id}`)
    if (person !== undefined) this.#people.set(`${org}/${id}`, { ...person, visibility })
    return person !== undefined
  }

  async setPin (org: string, person: string, pin: PinHash | null): Promise<boolean> {
    this.#open()
    const key = `${org}/${person}`
    if (pin === null) return this.#pins.delete(key)
    if (this.#people.has(key)) this.#pins.set(key, { pin, tries: 0, lockedUntil: 0 })
    return this.#people.has(key)
  }

  async tryPin (org: string, person: string, now: number): Promise<PinHash | null> {
    this.#open()
    const known = this.#pins.get(`${org}/${person}`)
    if (known === undefined || (known.tries >= PIN_TRIES && known.lockedUntil > now)) return null
    known.tries = known.tries < PIN_TRIES ? known.tries + 1 : 1
    known.lockedUntil = now + PIN_LOCKED_MS
    return known.pin
  }

  async pinWasRight (org: string, person: string): Promise<void> {
    this.#open()
    const known = this.#pins.get(`${org}/${person}`)
    if (known !== undefined) known.tries = 0
  }

  async putPeople (org: string, people: readonly StoredPerson[]): Promise<void> {
    this.#open()
    if (!this.#orgs.has(org)) throw new PerchError('ORG_UNKNOWN')
    for (const person of people) {
      this.#people.set(`${org}/${person.id}`, person)
      for (const id of person.groups) if (!this.#groups.has(`${org}/${id}`)) this.#groups.set(`${org}/${id}`, { id, name: id })
    }
  }

  async removePerson (org: string, person: string): Promise<boolean> {
    this.#open()
    this.#pins.delete(`${org}/${person}`)
    return this.#people.delete(`${org}/${person}`)
  }

  async groups (org: string): Promise<Group[]> {
    this.#open()
    return this.#of(this.#groups, org)
  }

  async putGroup (org: string, group: Group): Promise<void> {
    this.#open()
    if (!this.#orgs.has(org)) throw new PerchError('ORG_UNKNOWN')
    this.#groups.set(`${org}/${group.id}`, group)
  }
}
