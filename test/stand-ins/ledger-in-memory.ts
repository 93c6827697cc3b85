import type { Directory } from '../../src/application/directory.ts'
import type { ClaimQuery, Cursor, Ledger, LedgerClaim, LedgerEntry, LedgerOrg, LedgerSpace, Quarantined, Recorded, Resync, SetAside } from '../../src/application/ports.ts'
import { isActive, type Claim } from '../../src/domain/claim.ts'
import { KNOWN_AFTER_ID } from '../../src/domain/holdings.ts'
import { claimIdTime, isClaimId, shardOf, type FloorId, type OrgId } from '../../src/domain/ids.ts'
import type { Block, Reading } from '../../src/domain/space.ts'
import { overlaps, type Millis } from '../../src/domain/time.ts'

/** What a run of entries comes to: of each claim, block and reading only how it is left. By `org/id`. */
interface Batch {
  claims: Map<string, LedgerClaim & { org: OrgId }>
  blocks: Map<string, { org: OrgId, space: string, block: Block | null }>
  readings: Map<string, { org: OrgId, space: string, reading: Reading }>
  seqs: Map<string, number>
}

/** Postgres has no moment beyond that. */
const LAST_MOMENT = 9e15
const NUL = '\u0000'

/**
 * The ledger's contract in this process, for simulations: one call is one transaction, the claims' constraints judge a whole batch and set entries aside as Postgres does.
 * It is never away: whoever simulates that stands before it.
 */
export class LedgerInMemory implements Ledger {
  readonly #directory: Directory
  readonly #cursors = new Map<number, Cursor>()
  readonly #claims = new Map<string, LedgerClaim & { org: OrgId }>()
  readonly #active = new Map<string, LedgerClaim & { org: OrgId }>()
  readonly #blocks = new Map<string, { org: OrgId, space: string, block: Block | null }>()
  readonly #readings = new Map<string, { org: OrgId, space: string, reading: Reading }>()
  readonly #seqs = new Map<string, number>()
  /** What may still stand in the store. */
  #aside: Array<SetAside & { shard: number }> = []

  /** `directory`: where floors and orgs are looked up. */
  constructor (directory: Directory) {
    this.#directory = directory
  }

  async cursor (shard: number): Promise<Cursor> {
    return { ...this.#cursorOf(shard) }
  }

  async lastingCursor (shard: number): Promise<Cursor> {
    return await this.cursor(shard)
  }

  async raiseEpoch (shard: number, atLeast: number): Promise<Cursor> {
    const { epoch, ...rest } = this.#cursorOf(shard)
    const raised = { ...rest, epoch: Math.max(epoch, atLeast) + 1 }
    this.#cursors.set(shard, raised)
    return { ...raised }
  }

  async record (shard: number, from: Cursor, entries: readonly LedgerEntry[]): Promise<Recorded> {
    const { epoch, stream, n } = this.#cursorOf(shard)
    const last = entries.at(-1)
    if (last === undefined) return { state: 'recorded', quarantined: [] }
    if (epoch !== from.epoch || stream !== from.stream || n !== from.n) return { state: 'moved' }
    const sound = this.#upToGap(entries)
    const quarantined: Quarantined[] = []
    this.#settle(sound, quarantined)
    for (const aside of quarantined) this.#aside.push({ shard, stream, ...aside })
    const reached = sound.at(-1)?.n ?? n
    this.#cursors.set(shard, { epoch, stream, n: reached })
    return sound.length === entries.length ? { state: 'recorded', quarantined } : { state: 'gap', n: reached, quarantined }
  }

  async resync (shard: number, from: Cursor, { org, claims, spaces, floors }: Resync): Promise<'done' | 'moved' | 'refused'> {
    const { epoch, stream, n } = this.#cursorOf(shard)
    if (epoch !== from.epoch || stream !== from.stream || n !== from.n) return 'moved'
    const batch: Batch = {
      claims: new Map(claims.map(known => [`${org}/${known.claim.id}`, { org, ...known }])),
      blocks: new Map(spaces.map(({ space, block }) => [`${org}/${space}`, { org, space, block }])),
      readings: new Map(spaces.flatMap(({ space, reading }) => reading === null ? [] : [[`${org}/${space}`, { org, space, reading }]])),
      seqs: new Map(floors.map(({ floor, to }) => [`${org}/${floor}`, to]))
    }
    if (this.#refusal(batch) !== null) return 'refused'
    this.#apply(batch)
    return 'done'
  }

  async known (org: OrgId, ids: readonly string[]): Promise<LedgerClaim[]> {
    return (await Promise.all(ids.map(async id => await this.claim(org, id)))).filter(known => known !== null)
  }

  async setAside (shard: number, limit: number): Promise<SetAside[]> {
    return this.#aside.filter(aside => aside.shard === shard).slice(0, limit).map(({ stream, n, org, claims }) => ({ stream, n, org, claims }))
  }

  async revoked (shard: number, { stream, n }: Pick<SetAside, 'stream' | 'n'>): Promise<void> {
    const before = (aside: SetAside): boolean => aside.stream < stream || (aside.stream === stream && aside.n <= n)
    this.#aside = this.#aside.filter(aside => aside.shard !== shard || !before(aside))
  }

  async switchStream (shard: number, from: Cursor, n: number): Promise<boolean> {
    const { epoch } = this.#cursorOf(shard)
    if (epoch !== from.epoch) return false
    this.#cursors.set(shard, { epoch, stream: epoch, n })
    return true
  }

  async orgs (shard: number): Promise<LedgerOrg[]> {
    const known = (await this.#directory.orgs({ after: null, limit: 1_000_000 })).map(({ id }) => id)
    const recorded = Array.from(this.#seqs.keys(), key => key.slice(0, key.indexOf('/')))
    const orgs = [...new Set([...known, ...recorded])].filter(org => shardOf(org) === shard).sort()
    return orgs.map(org => ({ org, seqs: this.seqs(org), spaces: this.#spaces(org) }))
  }

  async claimsToLoad (org: OrgId, now: Millis, after: string | null, limit: number): Promise<LedgerClaim[]> {
    return this.all(org)
      .filter(({ claim: { id, life } }) => id > (after ?? '') && (life.state !== 'ended' || life.at > now || claimIdTime(id) > now - KNOWN_AFTER_ID))
      .sort((a, b) => a.claim.id < b.claim.id ? -1 : 1)
      .slice(0, limit)
  }

  async claims (org: OrgId, { person, space, floor, site, from, to, limit }: ClaimQuery): Promise<Claim[]> {
    const floors = site === undefined ? null : (await this.#directory.floors(org)).filter(known => known.site === site).map(({ id }) => id)
    return this.all(org).map(({ claim }) => claim)
      .filter(claim => claim.to > from && claim.from < to && [undefined, claim.person].includes(person) && [undefined, claim.space].includes(space))
      .filter(claim => [undefined, claim.floor].includes(floor) && (floors === null || floors.includes(claim.floor)))
      .sort((a, b) => b.from - a.from || (a.id < b.id ? 1 : -1))
      .slice(0, limit)
  }

  async claim (org: OrgId, id: string): Promise<LedgerClaim | null> {
    const known = this.#claims.get(`${org}/${id}`)
    return known === undefined ? null : { claim: known.claim, hash: known.hash }
  }

  async lastingClaim (org: OrgId, id: string): Promise<LedgerClaim | null> {
    return await this.claim(org, id)
  }

  async ping (): Promise<void> {}
  async close (): Promise<void> {}

  /** A backup; whoever calls what it gives restores it. */
  backUp (): () => void {
    const parts = [this.#cursors, this.#claims, this.#active, this.#blocks, this.#readings, this.#seqs] as Array<Map<unknown, unknown>>
    const kept = parts.map(part => [...part])
    const aside = this.#aside
    return () => {
      for (const [i, part] of parts.entries()) {
        part.clear()
        for (const [key, value] of kept[i] ?? []) part.set(key, value)
      }
      this.#aside = aside
    }
  }

  all (org: OrgId): LedgerClaim[] {
    return [...this.#claims.values()].filter(known => known.org === org).map(({ claim, hash }) => ({ claim, hash }))
  }

  seqs (org: OrgId): Map<FloorId, number> {
    return new Map(Array.from(this.#seqs).filter(([key]) => key.startsWith(`${org}/`)).map(([key, seq]) => [key.slice(org.length + 1), seq]))
  }

  /** Those before the first one that does not follow on what is recorded, or stands before it, of its floors. */
  #upToGap (entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
    const last = new Map(this.#seqs)
    for (const [i, { seqs, entry: { org } }] of entries.entries()) {
      for (const [floor, seq] of seqs) {
        if (seq !== (last.get(`${org}/${floor}`) ?? 0) + 1) return entries.slice(0, i)
        last.set(`${org}/${floor}`, seq)
      }
    }
    return entries
  }

  /** Applies in halves of halves, as the adapter for Postgres does: an entry that is refused alone is set aside. */
  #settle (entries: readonly LedgerEntry[], quarantined: Quarantined[]): void {
    const batch = this.#collapse(entries)
    const refusal = this.#refusal(batch)
    if (refusal === null) return this.#apply(batch)
    const [only, ...others] = entries
    if (only !== undefined && others.length === 0) {
      quarantined.push(quarantinedOf(only))
      return this.#setAside(only, refusal === 'excluded')
    }
    const half = entries.length >> 1
    this.#settle(entries.slice(0, half), quarantined)
    this.#settle(entries.slice(half), quarantined)
  }

  #collapse (entries: readonly LedgerEntry[]): Batch {
    const batch: Batch = { claims: new Map(), blocks: new Map(), readings: new Map(), seqs: new Map() }
    for (const { seqs, entry: { org, events } } of entries) {
      for (const [floor, seq] of seqs) batch.seqs.set(`${org}/${floor}`, seq)
      for (const event of events) {
        if ('claim' in event) {
          const key = `${org}/${event.claim.id}`
          const hash = event.type === 'granted' ? event.hash : batch.claims.get(key)?.hash ?? this.#claims.get(key)?.hash ?? ''
          batch.claims.set(key, { org, claim: event.claim, hash })
        } else if (event.type === 'blocked' || event.type === 'unblocked') {
          batch.blocks.set(`${org}/${event.space}`, { org, space: event.space, block: event.type === 'blocked' ? event.block : null })
        } else if (event.type === 'read') batch.readings.set(`${org}/${event.space}`, { org, space: event.space, reading: event.reading })
      }
    }
    return batch
  }

  /** Null: the batch can be applied. */
  #refusal ({ claims }: Batch): 'unsound' | 'excluded' | null {
    const changed = [...claims.values()]
    if (!changed.every(({ claim }) => isSound(claim))) return 'unsound'
    const active = changed.filter(({ claim }) => isActive(claim))
    const others = [...this.#active].filter(([key]) => !claims.has(key)).map(([, known]) => known)
    const excluded = active.some((known, i) => others.some(other => exclude(known, other)) || active.slice(i + 1).some(other => exclude(known, other)))
    return excluded ? 'excluded' : null
  }

  #apply ({ claims, blocks, readings, seqs }: Batch): void {
    for (const [key, known] of claims) this.#put(key, known)
    for (const [key, known] of blocks) {
      if (known.block === null) this.#blocks.delete(key)
      else this.#blocks.set(key, known)
    }
    for (const [key, known] of readings) this.#readings.set(key, known)
    for (const [key, seq] of seqs) this.#seqs.set(key, Math.max(seq, this.#seqs.get(key) ?? 0))
  }

  /** `known`: its claims can be stored, as revoked. */
  #setAside ({ seqs, entry: { org, at, events } }: LedgerEntry, known: boolean): void {
    for (const [floor, seq] of seqs) this.#seqs.set(`${org}/${floor}`, Math.max(seq, this.#seqs.get(`${org}/${floor}`) ?? 0))
    for (const event of known ? events : []) {
      if (event.type !== 'granted' || this.#claims.has(`${org}/${event.claim.id}`)) continue
      this.#put(`${org}/${event.claim.id}`, { org, claim: { ...event.claim, life: { state: 'ended', at, why: 'revoked' } }, hash: event.hash })
    }
  }

  #put (key: string, known: LedgerClaim & { org: OrgId }): void {
    this.#claims.set(key, known)
    if (isActive(known.claim)) this.#active.set(key, known)
    else this.#active.delete(key)
  }

  #spaces (org: OrgId): LedgerSpace[] {
    const spaces = new Map<string, LedgerSpace>()
    const of = (space: string): LedgerSpace => spaces.get(space) ?? { space, block: null, reading: null }
    for (const known of this.#blocks.values()) if (known.org === org) spaces.set(known.space, { ...of(known.space), block: known.block })
    for (const known of this.#readings.values()) if (known.org === org) spaces.set(known.space, { ...of(known.space), reading: known.reading })
    return [...spaces.values()].sort((a, b) => a.space < b.space ? -1 : 1)
  }

  #cursorOf (shard: number): Cursor {
    return this.#cursors.get(shard) ?? { epoch: 0, stream: 0, n: 0 }
  }
}

/** Two active claims that Postgres' exclusion constraints keep apart (INV-1, INV-2). */
function exclude (a: { org: OrgId, claim: Claim }, b: { org: OrgId, claim: Claim }): boolean {
  if (a.org !== b.org || !overlaps(a.claim, b.claim)) return false
  return a.claim.space === b.claim.space || (a.claim.sole && b.claim.sole && a.claim.person === b.claim.person && a.claim.kind === b.claim.kind)
}

/** What the columns and checks of the table take. */
function isSound ({ id, space, floor, person, by, from, to }: Claim): boolean {
  return isClaimId(id) && from <= to && to < LAST_MOMENT && ![space, floor, person, by].some(text => text.includes(NUL))
}

function quarantinedOf ({ n, entry }: LedgerEntry): Quarantined {
  const claims = new Map<string, Claim>(entry.events.flatMap(event => 'claim' in event ? [[event.claim.id, event.claim]] : []))
  return { n, org: entry.org, claims: [...claims.values()].filter(isActive) }
}
