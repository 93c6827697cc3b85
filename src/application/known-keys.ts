import { LRUCache } from 'lru-cache'
import { PerchError } from '../domain/errors.ts'
import type { OrgId } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'
import { IDS_PER_QUESTION, type Credential, type Credentials } from './credentials.ts'
import { isSecretOf, readKeyToken } from './key-token.ts'
import type { KeyId } from './keys.ts'
import type { Clock } from './ports.ts'
import type { Authenticator, Principal } from './principal.ts'

export interface KnownKeysParts {
  credentials: Credentials
  clock: Clock
  /** A key of that org is about to be known here: from now on its news matter. Called often, must be quick. */
  onKnown (org: OrgId): void
  /** These work no more: whoever came with one has to go. */
  onGone (ids: ReadonlySet<KeyId>): void
  /** The keys that connections came with, some more than once. */
  inUse (): Iterable<KeyId>
  onTrouble (error: unknown): void
}

/** Keys remembered, about 500 bytes each. */
const KNOWN = 10_000
/** Keys looked up at a time: whoever makes up ids must not take every connection to Postgres from those who have work to do. */
const LOOKUPS = 32
/** News of what was revoked may be lost: so often is looked whether all that is known still works. */
const LOOK_MS = 5_000
/** A key that has just become known is looked at so soon, since it may have been revoked before its org's news were heard. */
const SOON_MS = 500

interface Entry {
  credential: Credential
  principal: Principal
}

/**
 * Who comes with an API key, or anything else that has a token of that form. What works is remembered, so that a request costs no question. One that is revoked is forgotten with the news of it, or at the next look; while Postgres is
 * away what is known counts, and nobody can revoke anything either.
 */
export class KnownKeys implements Authenticator {
  readonly #parts: KnownKeysParts
  readonly #known = new LRUCache<KeyId, Entry>({ max: KNOWN })
  /** Being looked up; whoever asks for the same meanwhile shares it. */
  readonly #asked = new Map<KeyId, Promise<Entry | null>>()
  /** Used for the first time in a while, and not said so yet. */
  #used = new Set<KeyId>()
  /** Gone a moment ago. */
  #leaving = new Set<KeyId>()
  /** When the next look is, on the monotonic clock; null: none is needed. */
  #lookAt: number | null = null
  #cancel = (): void => {}
  #cancelSeeingOff = (): void => {}
  #closed = false

  constructor (parts: KnownKeysParts) {
    this.#parts = parts
  }

  get size (): number {
    return this.#known.size
  }

  async authenticate (token: string | null): Promise<Principal> {
    const read = token === null ? null : readKeyToken(token)
    const entry = read === null ? null : await this.#entry(read.id)
    if (read === null || entry === null || !isSecretOf(entry.credential, read.secret)) throw new PerchError('UNAUTHENTICATED')
    const now = this.#parts.clock.now()
    if (isOver(entry.credential, now)) throw new PerchError('UNAUTHENTICATED', { reason: 'the key has expired' })
    this.#use(entry, now)
    return entry.principal
  }

  /** Nothing was taken back since the principal came in. @throws UNAUTHENTICATED */
  async mustWork ({ key }: Pick<Principal, 'key'>): Promise<void> {
    if (key !== undefined && await this.#entry(key) === null) throw new PerchError('UNAUTHENTICATED')
  }

  /** They were revoked: nobody comes with one of them any more, and whoever did goes. */
  revoked (ids: readonly KeyId[]): void {
    if (this.#closed) return
    // Whoever was let in just before, and is not among the connections yet, is there by then.
    if (this.#leaving.size === 0) this.#cancelSeeingOff = this.#parts.clock.after(SOON_MS, () => this.#seeOff())
    for (const id of ids) this.#leaving.add(id)
    this.#drop(new Set(ids))
  }

  close (): void {
    this.#closed = true
    this.#cancel()
    this.#cancelSeeingOff()
  }

  #seeOff (): void {
    const ids = this.#leaving
    this.#leaving = new Set()
    this.#drop(ids)
  }

  #drop (ids: ReadonlySet<KeyId>): void {
    for (const id of ids) {
      this.#known.delete(id)
      // What is being looked up may have been read before.
      this.#asked.delete(id)
    }
    this.#parts.onGone(ids)
  }

  async #entry (id: KeyId): Promise<Entry | null> {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const asked = this.#asked.get(id)
    if (asked !== undefined) return await asked
    if (this.#asked.size >= LOOKUPS) throw new PerchError('UNAVAILABLE', { reason: 'too many keys are being looked up' })
    const lookup = this.#lookUp(id)
    this.#asked.set(id, lookup)
    try {
      const found = await lookup
      if (found !== null && this.#asked.get(id) === lookup) {
        this.#known.set(id, found)
        this.#lookWithin(SOON_MS)
      }
      return found
    } finally {
      if (this.#asked.get(id) === lookup) this.#asked.delete(id)
    }
  }

  async #lookUp (id: KeyId): Promise<Entry | null> {
    const credential = await this.#parts.credentials.credential(id, this.#parts.clock.now())
    if (credential === null) return null
    this.#parts.onKnown(credential.org)
    const { org, principal, role, site, expiresAt } = credential
    return { credential, principal: { org, id: principal, role, person: null, site, expiresAt, key: id } }
  }

  #use ({ credential }: Entry, now: Millis): void {
    const { id, lastUsedAt, usedGrainMs } = credential
    if (lastUsedAt !== null && now - lastUsedAt < usedGrainMs) return
    credential.lastUsedAt = now - now % usedGrainMs
    this.#used.add(id)
    this.#lookWithin(LOOK_MS)
  }

  #lookWithin (ms: number): void {
    const { clock } = this.#parts
    const at = clock.monotonic() + ms
    if (this.#closed || (this.#lookAt !== null && this.#lookAt <= at)) return
    this.#cancel()
    this.#lookAt = at
    this.#cancel = clock.after(ms, () => {
      this.#lookAt = null
      this.#look().catch(this.#parts.onTrouble).finally(() => this.#lookOn())
    })
  }

  /** Nothing known and nobody connected: nothing to look at. */
  #lookOn (): void {
    if (this.#known.size > 0 || this.#used.size > 0 || this.#inUse().length > 0) this.#lookWithin(LOOK_MS)
  }

  async #look (): Promise<void> {
    const { credentials, clock } = this.#parts
    const ids = [...new Set([...this.#known.keys(), ...this.#inUse()])]
    for (let i = 0; i < ids.length; i += IDS_PER_QUESTION) {
      const gone = await credentials.gone(ids.slice(i, i + IDS_PER_QUESTION), clock.now())
      if (gone.length > 0) this.revoked(gone)
    }
    this.#useConnected(clock.now())
    if (this.#used.size === 0) return
    const used = [...this.#used]
    this.#used = new Set()
    await credentials.used(used.slice(0, IDS_PER_QUESTION), clock.now())
  }

  /** Who stays connected asks for nothing, and is there all the same. One that is not remembered here is so by whoever lets it in next. */
  #useConnected (now: Millis): void {
    for (const id of this.#inUse()) {
      const entry = this.#known.peek(id)
      if (entry !== undefined) this.#use(entry, now)
    }
  }

  #inUse (): KeyId[] {
    return [...this.#parts.inUse()]
  }
}

function isOver ({ expiresAt }: Credential, now: Millis): boolean {
  return expiresAt !== null && expiresAt <= now
}
