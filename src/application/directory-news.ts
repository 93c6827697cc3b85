import { LRUCache } from 'lru-cache'
import { shardOf, type OrgId } from '../domain/ids.ts'
import { decodeDirectoryNews, encodeDirectoryNews, type DirectoryNews } from './news.ts'
import type { Store } from './ports.ts'

/** Orgs listened to at a time; of others answers may be a minute old. */
const MOST_ORGS = 2_000

export interface DirectoryNewsParts {
  store: Store
  /** News of an org, from this node or another. */
  onNews (org: OrgId, news: DirectoryNews): void
  onTrouble? (error: unknown): void
}

/** Carries the news that the directory changed between nodes, over the store. News may be lost: whoever relies on them has a time limit as well. */
export class DirectoryNewsWire {
  readonly #parts: DirectoryNewsParts
  readonly #listening: LRUCache<OrgId, { end: Promise<() => void> }>

  constructor (parts: DirectoryNewsParts) {
    this.#parts = parts
    this.#listening = new LRUCache({ max: MOST_ORGS, dispose: ({ end }) => { end.then(stop => stop(), () => {}) } })
  }

  /** Hear of an org's changes from now on. Returns at once, safe to repeat. */
  listen (org: OrgId): void {
    if (this.#listening.get(org) !== undefined) return
    const end = this.#parts.store.subscribe(shardOf(org), `org/${org}`, ({ body }) => this.#parts.onNews(org, decodeDirectoryNews(body)))
    this.#listening.set(org, { end })
    end.catch((error: unknown) => {
      this.#listening.delete(org)
      this.#parts.onTrouble?.(error)
    })
  }

  /** This node has heard when it returns; the others are told, and whatever keeps them from hearing is not the caller's trouble. */
  async tell (org: OrgId, news: DirectoryNews): Promise<void> {
    this.#parts.onNews(org, news)
    try {
      // The directory knows no epoch.
      await this.#parts.store.announce(shardOf(org), `org/${org}`, 0, encodeDirectoryNews(news))
    } catch (error) {
      this.#parts.onTrouble?.(error)
    }
  }

  close (): void {
    this.#listening.clear()
  }
}
