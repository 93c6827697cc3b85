import type { Command } from '../domain/command.ts'
import type { OrgId, SiteId, SpaceId } from '../domain/ids.ts'
import { SPACES_PER_COMMIT } from '../domain/limits.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock, Store } from './ports.ts'

/** Deadlines taken at once: five commits' worth. */
const AT_ONCE = 1_000
/** The longest sleep: a wake-up that was lost costs this much at most. */
const LONGEST_SLEEP_MS = 2_000
const RETRY_MS = 200

export interface DeadlineParts {
  store: Store
  clock: Clock
  /** Where a space is; null: no such space any more. */
  siteOf (org: OrgId, space: SpaceId): Promise<{ site: SiteId, floor: string } | null>
  run (org: OrgId, command: Command, site: SiteId): Promise<void>
  /** Without a site: commands that no policy touches. */
  runAnywhere (org: OrgId, command: Command): Promise<void>
  onFired? (shard: number, count: number, latestMs: number): void
  onTrouble? (shard: number, error: unknown): void
}

/** Runs a shard's deadlines at their moment: sleeps until the next one, is woken when an earlier one is written. No sweep. */
export class Deadlines {
  readonly #parts: DeadlineParts
  readonly #shard: number
  #cancel: (() => void) | null = null
  #working: Promise<void> | null = null
  #again = false
  #stopped = false

  constructor (parts: DeadlineParts, shard: number) {
    this.#parts = parts
    this.#shard = shard
  }

  /** Look now. Returns at once. */
  wake (): void {
    if (this.#stopped) return
    this.#again = true
    this.#working ??= this.#work().finally(() => { this.#working = null })
  }

  async stop (): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#working
  }

  async #work (): Promise<void> {
    let sleepMs = LONGEST_SLEEP_MS
    while (this.#again && !this.#stopped) {
      this.#again = false
      try {
        sleepMs = await this.#round()
      } catch (error) {
        this.#parts.onTrouble?.(this.#shard, error)
        sleepMs = RETRY_MS
      }
    }
    if (this.#stopped) return
    this.#cancel?.()
    this.#cancel = this.#parts.clock.after(sleepMs, () => this.wake())
  }

  /** Everything that is due now; how long nothing more will be. */
  async #round (): Promise<number> {
    const { names, now, next } = await this.#parts.store.due(this.#shard, AT_ONCE)
    if (names.length > 0) {
      await this.#run(names, now)
      this.#again = true
      return 0
    }
    return next === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, Math.max(1, next - now))
  }

  async #run (names: ReadonlyArray<{ name: string, at: Millis }>, now: Millis): Promise<void> {
    const spaces = new Map<string, { org: OrgId, site: SiteId, ids: SpaceId[] }>()
    const claims = new Map<OrgId, string[]>()
    for (const { name } of names) {
      const [type = '', org = '', id = ''] = name.split('/')
      if (type === 'claim') claims.set(org, [...claims.get(org) ?? [], id])
      else {
        const place = await this.#parts.siteOf(org, id)
        // Those due together on a floor are one commit; without a place any floor's commit takes the deadline away.
        const group = `${org}/${place?.floor ?? ''}`
        const spacesOfFloor = spaces.get(group) ?? { org, site: place?.site ?? '', ids: [] }
        spaces.set(group, { ...spacesOfFloor, ids: [...spacesOfFloor.ids, id] })
      }
    }
    for (const { org, site, ids } of spaces.values()) {
      for (const part of chunks(ids, SPACES_PER_COMMIT)) {
        if (site === '') await this.#parts.runAnywhere(org, { type: 'tick', spaces: part })
        else await this.#parts.run(org, { type: 'tick', spaces: part }, site)
      }
    }
    for (const [org, ids] of claims) {
      for (const part of chunks(ids, SPACES_PER_COMMIT)) await this.#parts.runAnywhere(org, { type: 'forget', claims: part })
    }
    this.#parts.onFired?.(this.#shard, names.length, now - Math.min(...names.map(({ at }) => at)))
  }
}

/** Parts of at most `size`. */
export function chunks<T> (all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size))
}
