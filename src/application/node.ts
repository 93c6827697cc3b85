import { v7 as uuidv7 } from 'uuid'
import { PerchError } from '../domain/errors.ts'
import { shardOf, type ClaimId, type OrgId, type SiteId } from '../domain/ids.ts'
import { spaceKey } from '../domain/keys.ts'
import type { Command } from '../domain/command.ts'
import type { Millis } from '../domain/time.ts'
import type { SpaceRecord } from '../domain/space.ts'
import { SPACES_PER_COMMIT } from '../domain/limits.ts'
import type { Commands } from './commands.ts'
import { chunks } from './deadlines.ts'
import { guarding, type GuardMode } from './guarding.ts'
import { Keeper } from './keeper.ts'
import { Losses, type LossFoundBy } from './losses.ts'
import { office } from './office.ts'
import type { Lookup } from './places.ts'
import type { Directory } from './directory.ts'
import type { Clock, Guard, Ledger, Store } from './ports.ts'
import { Pins } from './pins.ts'
import { RecordCache } from './record-cache.ts'
import { Served, type Place } from './served.ts'
import { ShardClocks } from './shard-clocks.ts'
import { transactor, type Transact } from './transact.ts'
import { Turns } from './turns.ts'
import { Watermarks } from './watermarks.ts'
import { decodeStored } from './codec.ts'

/** Whoever has no name but acts: deadlines, revocations, the plan. */
const SELF = 'perch'

export interface NodeParts {
  /** This node, among all. */
  id: string
  store: Store
  guard: Guard
  guardMode: GuardMode
  ledger: Ledger
  directory: Directory
  /** The directory through this node's cache. */
  lookup: Lookup
  clock: Clock
  badgeHash (badge: string): string
  /** Shards that this node may keep; empty without the keeper's role. */
  keeps: readonly number[]
  /** Records remembered. */
  cacheLimit: number
  /** A shard lives and this node's keeper took it. */
  onTaken (shard: number, transact: Transact): Promise<void>
  watch: NodeWatch
  /** Where kiosks are connected to this node; without: nowhere. Null: this node answers nobody, so it does not count among those that let people check in. */
  kiosks?: (() => Iterable<Place>) | null
  /** Ids of claims that come without one; a simulation brings its own. */
  newClaimId? (): ClaimId
  /** In [0, 1), for jitter; a simulation brings its own. */
  random? (): number
}

/** Shards that are made anew at a time. More would not be faster on one core, and hold more in memory. */
const REBUILDS_AT_ONCE = 4

/** What a node tells of itself, for logs and metrics. */
export interface NodeWatch {
  trouble (piece: 'keeper' | 'recorder' | 'deadlines' | 'clock' | 'served' | 'losses', shard: number, error: unknown): void
  conflict (): void
  recorded (shard: number, entries: number, lagMs: number): void
  fired (shard: number, count: number, latestMs: number): void
  recovery (shard: number, step: string, detail: Record<string, unknown>): void
  /** A shard is being made anew: so many more spaces and claims are, and so many spaces of the org are still to come. */
  rebuilding (shard: number, what: { spaces: number, claims: number, left: number }): void
  held (shards: number): void
  quarantined (org: OrgId, claims: number): void
  clockJumped (shard: number, byMs: number): void
  /** Nobody could check in for a while; everyone has their grace anew (INV-9). */
  interrupted (shard: number, fromAt: Millis, toAt: Millis): void
  /** A fault took these claims; their holders are told. */
  lost (shard: number, by: LossFoundBy, claims: readonly ClaimId[]): void
  /** So many answers that said "not persisted" could not be kept: should their claims be lost, nobody notices. */
  forgotten (answers: number): void
}

/** One node's application: everything between the ports and the transports. */
export interface PerchNode {
  commands: Commands
  transact: Transact
  keeper: Keeper
  served: Served
  cache: RecordCache
  clocks: ShardClocks
  watermarks: Watermarks
  losses: Losses
  start (): Promise<void>
  stop (): Promise<void>
}

export function openNode (parts: NodeParts): PerchNode {
  const { store, ledger, directory, lookup, clock, watch } = parts
  const clocks = new ShardClocks(clock, watch.clockJumped)
  const losses = new Losses({ store, clock, onLost: watch.lost, onForgotten: watch.forgotten, onTrouble: (shard, error) => watch.trouble('losses', shard, error) })
  const watermarks = new Watermarks(store, clock, undefined, (shard, stream, n) => losses.passed(shard, stream, n))
  const cache = new RecordCache(parts.cacheLimit)
  const served = new Served({
    store,
    clock,
    clocks,
    epoch: shard => cache.epoch(shard),
    kiosks: parts.kiosks === undefined ? () => [] : parts.kiosks,
    onBreak: watch.interrupted,
    onTrouble: (shard, error) => watch.trouble('served', shard, error)
  })

  const transact = transactor({
    store,
    cache,
    clocks,
    siteRules: (org, site) => lookup.place(org, site),
    noShowsNotBefore: (org, site, policy) => served.noShowsNotBefore(org, site, policy),
    behind: shard => watermarks.behind(shard),
    onConflict: watch.conflict
  })
  const commands = office({
    store,
    ledger,
    cache,
    clock,
    clocks,
    lookup,
    transact,
    watermarks,
    losses,
    guarding: guarding(parts.guard, parts.guardMode, clock, parts.random),
    checkedIn: (org, error) => served.checkedIn(org, error),
    badgeHash: parts.badgeHash,
    pins: new Pins({ directory, clock, now: org => clocks.now(shardOf(org)), keyed: parts.badgeHash }),
    newClaimId: parts.newClaimId ?? uuidv7
  })
  const run = (org: OrgId, command: Command, site: SiteId) => transact(org, command, { site }, SELF)
  const keeper = new Keeper({
    id: parts.id,
    shards: parts.keeps,
    store,
    clock,
    recorder: {
      store,
      ledger,
      clock,
      onQuarantined: async (org, claims) => {
        watch.quarantined(org, claims.length)
        for (const claim of claims) {
          const site = (await lookup.floor(org, claim.floor))?.site
          if (site !== undefined) await run(org, { type: 'revoke', claim: claim.id }, site).catch(unlessEnded)
        }
      },
      onConfirmed: async (org, spaces) => {
        for (const [site, ids] of await bySite(org, spaces)) {
          for (const part of chunks(ids, SPACES_PER_COMMIT)) await transact(org, { type: 'confirm', spaces: part }, site === null ? null : { site }, SELF)
        }
      },
      onRecorded: (shard, entries, oldest) => watch.recorded(shard, entries, clocks.now(shard) - oldest),
      onTrouble: (shard, error) => watch.trouble('recorder', shard, error)
    },
    deadlines: {
      store,
      clock,
      siteOf,
      run: async (org, command, site) => { await run(org, command, site) },
      runAnywhere: async (org, command) => { await transact(org, command, null, SELF) },
      onFired: watch.fired,
      onTrouble: (shard, error) => watch.trouble('deadlines', shard, error)
    },
    recovery: {
      store,
      ledger,
      directory,
      siteRules: (org, site) => lookup.place(org, site),
      keeper: parts.id,
      now: shard => clocks.now(shard),
      turns: new Turns(REBUILDS_AT_ONCE),
      onProgress: watch.rebuilding,
      onLost: (shard, lost) => { losses.report(shard, 'recovery', lost).catch((error: unknown) => watch.trouble('losses', shard, error)) },
      onStep: watch.recovery
    },
    onTaken: async shard => {
      clocks.learn(shard, await store.now(shard))
      await parts.onTaken(shard, transact)
    },
    onTrouble: (shard, error) => watch.trouble('keeper', shard, error),
    onHeld: watch.held
  })

  async function siteOf (org: OrgId, space: string): Promise<{ site: SiteId, floor: string } | null> {
    const key = spaceKey(space)
    const cached = cache.get(org, key)?.value as SpaceRecord | null | undefined
    if (cached !== undefined && cached !== null) return cached
    const stored = (await store.read(org, [key])).records.get(key)
    return stored === undefined || stored.body === null ? null : decodeStored(key, stored).value as SpaceRecord
  }

  /** Null: no such space any more. */
  async function bySite (org: OrgId, spaces: readonly string[]): Promise<Map<SiteId | null, string[]>> {
    const sites = new Map<SiteId | null, string[]>()
    for (const space of spaces) {
      const site = (await siteOf(org, space))?.site ?? null
      const known = sites.get(site)
      if (known === undefined) sites.set(site, [space])
      else known.push(space)
    }
    return sites
  }

  return {
    commands,
    transact,
    keeper,
    served,
    cache,
    clocks,
    watermarks,
    losses,
    async start () {
      served.start()
      if (parts.keeps.length > 0) keeper.start()
    },
    async stop () {
      if (parts.keeps.length > 0) await keeper.stop()
      served.stop()
      losses.close()
      await watermarks.close()
    }
  }
}

/** A claim that ended on its own meanwhile needs no revoking. */
function unlessEnded (error: unknown): void {
  if (!(error instanceof PerchError) || (error.code !== 'CLAIM_ENDED' && error.code !== 'CLAIM_UNKNOWN')) throw error
}
