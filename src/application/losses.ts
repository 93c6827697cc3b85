import { LRUCache } from 'lru-cache'
import { PerchError } from '../domain/errors.ts'
import { claimIdTime, SHARDS, shardOf, type ClaimId, type OrgId, type PersonId } from '../domain/ids.ts'
import { KNOWN_AFTER_ID } from '../domain/holdings.ts'
import { claimKey } from '../domain/keys.ts'
import { chunks } from './deadlines.ts'
import { decodeLossNews, encodeLossNews, type LossNews } from './news.ts'
import type { Clock, Store } from './ports.ts'

/** Answers that are remembered, some 200 bytes each. More wait for the ledger only while it is away; then the oldest are given up. */
const MOST_ANSWERED = 20_000
/** People whose loss is remembered until they are told, and claims that are known to be lost. */
const MOST_LOST = 10_000
/** Orgs listened to at a time. */
const MOST_ORGS = 2_000
/** Claims of one look into the store, and of one message. */
const AT_ONCE = 200
/** A shard that is recovered once more is asked again for ten minutes; soon, since holders ask as soon as it lives. */
const TRIES = 1_200
const RETRY_MS = 500

/** A claim that a fault took from its holder. */
export interface LostClaim {
  org: OrgId
  person: PersonId
  claim: ClaimId
}

/** How it was found out: a node remembered its answer, or a recovery found it in what it had to drop. */
export type LossFoundBy = 'answer' | 'recovery'

export interface LossesParts {
  store: Store
  clock: Clock
  /** Each claim once on this node. */
  onLost (shard: number, by: LossFoundBy, claims: readonly ClaimId[]): void
  /** So many answers were given up, and would not be noticed should they be lost. */
  onForgotten (count: number): void
  onTrouble (shard: number, error: unknown): void
}

interface Answered extends LostClaim {
  epoch: number
  n: number
}

/**
 * What this node answered and Postgres has not yet: after a fault these claims are looked up, and the holders of those that are gone are told, on whatever node they are. Only what
 * was answered `persisted: false` can be among them (INV-5).
 */
export class Losses {
  readonly #parts: LossesParts
  /** By shard, in the order of the answers; each claim once. */
  readonly #answered = Array.from({ length: SHARDS }, () => new Map<string, Answered>())
  readonly #untold = new LRUCache<string, Set<ClaimId>>({ max: MOST_LOST })
  readonly #lost = new LRUCache<string, true>({ max: MOST_LOST })
  readonly #listening = new LRUCache<OrgId, { end: Promise<() => void> }>({ max: MOST_ORGS, dispose: ({ end }) => { end.then(stop => stop(), () => {}) } })
  #tell: (lost: LostClaim) => boolean = () => false
  #size = 0
  #closed = false

  constructor (parts: LossesParts) {
    this.#parts = parts
  }

  /** Answers that are remembered. */
  get size (): number {
    return this.#size
  }

  /** Who tells a person at once; false: nobody of theirs is here. */
  toldBy (tell: (lost: LostClaim) => boolean): void {
    this.#tell = tell
  }

  /** Hear of an org's losses that other nodes find out. Returns at once, safe to repeat. */
  listen (org: OrgId): void {
    if (this.#listening.get(org) !== undefined) return
    const shard = shardOf(org)
    const end = this.#parts.store.subscribe(shard, `lost/${org}`, ({ body }) => this.#heard(org, decodeLossNews(body)))
    this.#listening.set(org, { end })
    end.catch((error: unknown) => {
      this.#listening.delete(org)
      this.#parts.onTrouble(shard, error)
    })
  }

  /** Commit `n` of that epoch was answered, and it is not known whether it is in Postgres. */
  answered (lost: LostClaim, epoch: number, n: number): void {
    const shard = shardOf(lost.org)
    this.began(shard, epoch)
    const answers = this.#answers(shard)
    const key = `${lost.org}/${lost.claim}`
    this.#size += answers.delete(key) ? 0 : 1
    answers.set(key, { ...lost, epoch, n })
    if (this.#size > MOST_ANSWERED) this.#giveUp()
  }

  /** Commits up to `n` of that stream are in Postgres; those of an older one were decided by a recovery. */
  passed (shard: number, stream: number, n: number): void {
    const answers = this.#answers(shard)
    for (const [key, answer] of answers) {
      // Answers come nearly in the order of their commits: what is behind this one waits for the next word.
      if (answer.epoch > stream || (answer.epoch === stream && answer.n > n)) break
      if (answer.epoch === stream && answers.delete(key)) this.#size--
    }
    this.began(shard, stream)
  }

  /** The shard lives in that epoch. Returns at once. */
  began (shard: number, epoch: number): void {
    const answers = this.#answers(shard)
    const [oldest] = answers.values()
    if (oldest === undefined || oldest.epoch >= epoch) return
    const before = [...answers].filter(([, answer]) => answer.epoch < epoch)
    for (const [key] of before) answers.delete(key)
    this.#size -= before.length
    this.#lookUp(before.map(([, answer]) => answer))
      .then(async lost => await this.report(shard, 'answer', lost))
      .catch((error: unknown) => this.#parts.onTrouble(shard, error))
  }

  /** Tell the holders, here and on every other node, and whoever runs this. */
  async report (shard: number, by: LossFoundBy, lost: readonly LostClaim[]): Promise<void> {
    const fresh = lost.filter(({ org, claim }) => !this.#lost.has(`${org}/${claim}`))
    if (fresh.length === 0) return
    this.#parts.onLost(shard, by, fresh.map(({ claim }) => claim))
    for (const org of new Set(fresh.map(one => one.org))) {
      for (const part of chunks(fresh.filter(one => one.org === org), AT_ONCE)) {
        const news: LossNews = { lost: part.map(({ person, claim }) => [person, claim]) }
        this.#heard(org, news)
        await this.#parts.store.announce(shard, `lost/${org}`, 0, encodeLossNews(news))
      }
    }
  }

  /** What a person has not been told yet; from now on it counts as told. */
  take (org: OrgId, person: PersonId): ClaimId[] {
    const claims = this.#untold.get(`${org}/${person}`)
    this.#untold.delete(`${org}/${person}`)
    return [...claims ?? []]
  }

  isLost (org: OrgId, claim: ClaimId): boolean {
    return this.#lost.has(`${org}/${claim}`)
  }

  close (): void {
    this.#closed = true
    this.#listening.clear()
  }

  #heard (org: OrgId, { lost }: LossNews): void {
    for (const [person, claim] of lost) {
      if (this.#lost.has(`${org}/${claim}`)) continue
      this.#lost.set(`${org}/${claim}`, true)
      if (this.#tell({ org, person, claim })) continue
      const key = `${org}/${person}`
      this.#untold.set(key, (this.#untold.get(key) ?? new Set()).add(claim))
    }
  }

  /** Those that the store does not know any more. */
  async #lookUp (answers: readonly Answered[]): Promise<LostClaim[]> {
    const lost: LostClaim[] = []
    for (const org of new Set(answers.map(answer => answer.org))) {
      for (const part of chunks(answers.filter(answer => answer.org === org), AT_ONCE)) {
        const { records } = await this.#patiently(async () => await this.#parts.store.read(org, part.map(({ claim }) => claimKey(claim))))
        for (const { person, claim } of part) {
          const gone = (records.get(claimKey(claim))?.body ?? null) === null
          // One that old may have been forgotten in its time.
          if (gone && this.#parts.clock.now() < claimIdTime(claim) + KNOWN_AFTER_ID) lost.push({ org, person, claim })
        }
      }
    }
    return lost
  }

  async #patiently<T> (run: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await run()
      } catch (error) {
        if (!(error instanceof PerchError) || error.code !== 'RECOVERING' || tries === TRIES || this.#closed) throw error
        await new Promise<void>(resolve => { this.#parts.clock.after(RETRY_MS, resolve) })
      }
    }
  }

  /** A tenth of what there is, of the shard that has most. */
  #giveUp (): void {
    const most = this.#answered.reduce((a, b) => b.size > a.size ? b : a)
    let count = 0
    for (const key of most.keys()) {
      if (count >= MOST_ANSWERED / 10) break
      most.delete(key)
      count++
    }
    this.#size -= count
    this.#parts.onForgotten(count)
  }

  #answers (shard: number): Map<string, Answered> {
    const answers = this.#answered[shard]
    if (answers === undefined) throw new RangeError(`there is no shard ${shard}`)
    return answers
  }
}
