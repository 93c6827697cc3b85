import type { ClaimId, OrgId, PersonId } from '../domain/ids.ts'
import { shardOf } from '../domain/ids.ts'
import { decodePeopleNews } from './news.ts'
import type { Commands } from './commands.ts'
import type { Frame } from './frame.ts'
import { Lingering } from './lingering.ts'
import { MineFeed, type MineFeedParts } from './mine-feed.ts'
import type { Store } from './ports.ts'
import type { Principal } from './principal.ts'
import { may } from './rights.ts'
import { Wheel } from './wheel.ts'

export interface MineParts extends MineFeedParts {
  store: Store
  commands: Pick<Commands, 'claims'>
  /** What a person lost to a fault and has not been told; from then on it counts as told. */
  untold (org: OrgId, person: PersonId): readonly ClaimId[]
}

/** For most connections are nobody's. */
function nothing (): void {}

interface OrgFeeds {
  readonly people: Map<PersonId, MineFeed>
  /** Null: not subscribed; the next turn of a feed tries again. */
  subscription: Promise<() => void> | null
}

/** Tells people of their own claims: one subscription per org and one read per person and change, however many sockets they have. */
export class Mine {
  readonly #parts: MineParts
  readonly #orgs = new Map<OrgId, OrgFeeds>()
  readonly #lingering: Lingering<string>
  readonly #wheel: Wheel

  constructor (parts: MineParts) {
    const { clock, limits, log } = parts
    this.#parts = parts
    this.#lingering = new Lingering(clock, limits.lingerMs, limits.mineKept)
    this.#wheel = new Wheel(clock, limits.mineRefreshMs, error => log.error({ err: error }, 'stream: refreshing claims failed'))
  }

  /** `mine` frames for a principal that is a person; the returned function ends them. Who is nobody, or may not read claims, hears nothing. */
  listen (principal: Principal, listener: (frame: Frame) => void): () => void {
    const { org, person } = principal
    if (person === null || !may(principal, 'read-own-claims')) return nothing
    const key = `${org}/${person}`
    this.#lingering.recall(key)
    const feed = this.#orgs.get(org)?.people.get(person) ?? this.#make(principal, person)
    const end = feed.listen(listener)
    return () => {
      end()
      if (feed.listeners === 0 && this.#orgs.get(org)?.people.get(person) === feed) this.#lingering.keep(key, () => this.#drop(org, person))
    }
  }

  /** A fault took these claims away from a person: their sockets on this node are told. False: they have none here. */
  lost (org: OrgId, person: PersonId, claims: readonly ClaimId[]): boolean {
    const feed = this.#orgs.get(org)?.people.get(person)
    feed?.lose(claims)
    return feed !== undefined
  }

  close (): void {
    this.#lingering.close()
    for (const [org, { people }] of this.#orgs) for (const person of people.keys()) this.#drop(org, person)
  }

  #make (principal: Principal, person: PersonId): MineFeed {
    const { org } = principal
    const feeds = this.#orgs.get(org) ?? { people: new Map<PersonId, MineFeed>(), subscription: null }
    this.#orgs.set(org, feeds)
    const feed = new MineFeed(this.#parts, async () => {
      // Subscribed first, so that no change falls between.
      await this.#subscribed(org, feeds)
      return await this.#parts.commands.claims(principal, { person })
    })
    feeds.people.set(person, feed)
    this.#wheel.join(feed)
    const lost = this.#parts.untold(org, person)
    if (lost.length > 0) feed.lose(lost)
    else feed.changed()
    return feed
  }

  async #subscribed (org: OrgId, feeds: OrgFeeds): Promise<void> {
    feeds.subscription ??= this.#parts.store.subscribe(shardOf(org), `people/${org}`, ({ body }) => this.#hear(feeds, body)).catch(error => {
      feeds.subscription = null
      throw error
    })
    const end = await feeds.subscription
    if (this.#orgs.get(org) !== feeds) end()
  }

  #hear ({ people }: OrgFeeds, body: string): void {
    for (const person of decodePeopleNews(body).people) people.get(person)?.changed()
  }

  #drop (org: OrgId, person: PersonId): void {
    const feeds = this.#orgs.get(org)
    const feed = feeds?.people.get(person)
    if (feeds === undefined || feed === undefined) return
    feed.close()
    this.#wheel.leave(feed)
    feeds.people.delete(person)
    if (feeds.people.size > 0) return
    this.#orgs.delete(org)
    // Who is still subscribing sees that the org is gone.
    feeds.subscription?.then(end => end(), () => {})
  }
}
