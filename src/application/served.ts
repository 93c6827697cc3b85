import { errors, PerchError } from '../domain/errors.ts'
import { shardOf, SHARDS, type OrgId, type SiteId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import { BREAK_MS, NEVER, noShowsNotBefore, type Presence } from '../domain/served.ts'
import { MINUTE, type Millis } from '../domain/time.ts'
import { chunks } from './deadlines.ts'
import type { Clock, Store } from './ports.ts'
import type { ShardClocks } from './shard-clocks.ts'

/** Three times within what counts as a break. */
const PERIOD_MS = BREAK_MS / 3
/** Whoever failed to check in may not try again at once: until somebody succeeds, check-in is taken to fail for so long. */
const FAILING_MS = MINUTE
/** A site that nobody asked about for so long is asked about again when somebody does. */
const FORGET_MS = MINUTE
const SITES_PER_CALL = 500
/** What is said of a shard by those who serve people; no site is called so. */
const PEOPLE = '-'

export interface Place {
  org: OrgId
  site: SiteId
}

export interface ServedParts {
  store: Store
  clock: Clock
  clocks: ShardClocks
  /** The newest epoch that this node knows of the shard. */
  epoch (shard: number): number
  /** Where kiosks are connected to this node. Null: this node answers nobody. */
  kiosks: (() => Iterable<Place>) | null
  /** Check-in was impossible for a while; everyone has their grace anew. */
  onBreak? (shard: number, fromAt: Millis, toAt: Millis): void
  onTrouble? (shard: number, error: unknown): void
}

/** What the store told of one shard. */
interface Told {
  epoch: number
  presences: ReadonlyMap<string, Presence>
}

/** A question that is under way. */
interface Question {
  names: ReadonlySet<string>
  answered: Promise<void>
}

/**
 * Since when people can check in without a break, by shard and site, on all nodes together (INV-9): those that serve say so in the store every 2 s, and whoever decides hears of it.
 * What is not known counts as a break that lasts: a no-show that comes too late harms nobody.
 */
export class Served {
  readonly #parts: ServedParts
  readonly #told: Array<Told | null> = new Array<Told | null>(SHARDS).fill(null)
  /** Shards that are used through this node. */
  readonly #used = new Set<number>()
  /** When somebody last asked about a site, by `org/site`. */
  readonly #sites = new Map<string, { shard: number, askedAt: number }>()
  /** When check-in failed for a reason of ours, and has not worked since. */
  readonly #failed = new Map<number, number>()
  /** When the store last left a question open. */
  readonly #missed = new Map<number, number>()
  readonly #asking = new Map<number, Question>()
  #cancel: (() => void) | null = null

  constructor (parts: ServedParts) {
    this.#parts = parts
  }

  start (): void {
    this.#cancel = this.#parts.clock.after(PERIOD_MS, () => {
      this.start()
      this.#forget()
      for (const shard of this.#used) this.#ask(shard)
    })
  }

  stop (): void {
    this.#cancel?.()
    this.#used.clear()
  }

  /** The org is used through this node from now on. Safe to repeat. */
  use (org: OrgId): void {
    const shard = shardOf(org)
    if (this.#used.has(shard)) return
    this.#used.add(shard)
    this.#ask(shard)
  }

  /** Somebody tried to check in. `error`: what came of it; null: it worked. */
  checkedIn (org: OrgId, error: unknown): void {
    const shard = shardOf(org)
    if (error === null || (error instanceof PerchError && errors[error.code].status < 500)) this.#failed.delete(shard)
    else this.#failed.set(shard, this.#parts.clock.monotonic())
  }

  /** Nobody of the site is a no-show before. A promise where the store has to be asked first. */
  noShowsNotBefore (org: OrgId, site: SiteId, policy: Policy): Millis | Promise<Millis> {
    const [shard, name, askedAt] = [shardOf(org), `${org}/${site}`, this.#parts.clock.monotonic()]
    this.#used.add(shard)
    const known = this.#sites.get(name)
    if (known === undefined) this.#sites.set(name, { shard, askedAt })
    else known.askedAt = askedAt
    return this.#known(shard, name, policy) ?? this.#learn(shard, name, policy)
  }

  /** Null: what is known is too old, or of an epoch that is over. */
  #known (shard: number, name: string, policy: Policy): Millis | null {
    const { epoch = 0, presences } = this.#told[shard] ?? {}
    const [people, kiosks] = [presences?.get(PEOPLE), presences?.get(name)]
    const now = this.#parts.clocks.now(shard)
    if (people === undefined || kiosks === undefined || epoch < this.#parts.epoch(shard) || now - people.lastAt > BREAK_MS) return null
    return noShowsNotBefore(now, policy, people, kiosks)
  }

  async #learn (shard: number, name: string, policy: Policy): Promise<Millis> {
    const { clock, clocks } = this.#parts
    const missedAt = this.#missed.get(shard)
    // A store that is away is not waited for by everybody in turn.
    if (missedAt === undefined || clock.monotonic() - missedAt > PERIOD_MS) {
      const asking = this.#asking.get(shard)
      await (asking?.names.has(name) === true ? asking.answered : this.#ask(shard))
    }
    return this.#known(shard, name, policy) ?? noShowsNotBefore(clocks.now(shard), policy, NEVER, NEVER)
  }

  #forget (): void {
    const before = this.#parts.clock.monotonic() - FORGET_MS
    for (const [name, { askedAt }] of this.#sites) if (askedAt < before) this.#sites.delete(name)
  }

  /** Say what is so, and hear what is. Resolves in any case. */
  #ask (shard: number): Promise<void> {
    const kiosks = new Set<string>()
    for (const { org, site } of this.#parts.kiosks?.() ?? []) if (shardOf(org) === shard) kiosks.add(`${org}/${site}`)
    const sites = [...this.#sites].filter(([name, site]) => site.shard === shard && !kiosks.has(name)).map(([name]) => name)
    const answered = this.#serve(shard, [...kiosks], sites)
      .then(told => {
        this.#missed.delete(shard)
        this.#tell(shard, told)
      }, (error: unknown) => {
        this.#missed.set(shard, this.#parts.clock.monotonic())
        this.#parts.onTrouble?.(shard, error)
      })
      .finally(() => { if (this.#asking.get(shard) === question) this.#asking.delete(shard) })
    const question: Question = { names: new Set([...kiosks, ...sites]), answered }
    this.#asking.set(shard, question)
    return answered
  }

  async #serve (shard: number, kiosks: readonly string[], sites: readonly string[]): Promise<Told> {
    const { store, clocks } = this.#parts
    const serves = this.#serves(shard)
    const all = [...[PEOPLE, ...kiosks].map(name => ({ name, said: name !== PEOPLE || serves })), ...sites.map(name => ({ name, said: false }))]
    const presences = new Map<string, Presence>()
    let epoch = Infinity
    for (const part of chunks(all, SITES_PER_CALL)) {
      const namesOf = (said: boolean): string[] => part.filter(one => one.said === said).map(({ name }) => name)
      const answer = await store.serve(shard, namesOf(true), namesOf(false))
      clocks.learn(shard, answer.now)
      // Of the older one where they differ: it is asked again.
      epoch = Math.min(epoch, answer.epoch)
      for (const [name, presence] of answer.presences) presences.set(name, presence)
    }
    return { epoch, presences }
  }

  /** People are answered here, and are not only told of errors. */
  #serves (shard: number): boolean {
    const failedAt = this.#failed.get(shard)
    return this.#parts.kiosks !== null && (failedAt === undefined || this.#parts.clock.monotonic() - failedAt > FAILING_MS)
  }

  #tell (shard: number, told: Told): void {
    const [before, now] = [this.#told[shard], told].map(known => known?.presences.get(PEOPLE))
    this.#told[shard] = told
    if (now !== undefined && now.goneAt > 0 && now.backAt === now.lastAt && now.backAt !== before?.backAt) this.#parts.onBreak?.(shard, now.goneAt, now.backAt)
  }
}
