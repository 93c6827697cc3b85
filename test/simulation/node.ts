import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { directoryAdmin, type DirectoryAdmin } from '../../src/application/directory-admin.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import { DirectoryNewsWire } from '../../src/application/directory-news.ts'
import type { GuardMode } from '../../src/application/guarding.ts'
import { Epochs } from '../../src/application/epochs.ts'
import { Hub, type HubParts } from '../../src/application/hub.ts'
import { Mine } from '../../src/application/mine.ts'
import { openNode, type NodeWatch, type PerchNode } from '../../src/application/node.ts'
import type { Directory } from '../../src/application/directory.ts'
import type { Guard, Ledger, Store } from '../../src/application/ports.ts'
import { Presenter } from '../../src/application/presenter.ts'
import { Sessions } from '../../src/application/sessions.ts'
import { STREAM_LIMITS } from '../../src/application/stream-limits.ts'
import { syncShard } from '../../src/application/sync-floor.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { shardOf, type OrgId } from '../../src/domain/ids.ts'
import { claimId } from '../harness/office.ts'
import { Tallies } from '../harness/stream-node.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import { ORG, SHARD } from './setting.ts'
import { SILENT } from '../stand-ins/silent.ts'

/** Pure, and slow to make. */
const calendars = luxonCalendars()

/** Few enough that some are forgotten under way. */
const CACHED_RECORDS = 60
const REMEMBERED = { people: 20, floors: 10, places: 10, lists: 10 }
const PERSISTED_WITHIN_MS = 5_000
/** Pages of a floor that commits come between, and sockets that fill up. */
const LIMITS = { ...STREAM_LIMITS, pageSpaces: 3, lowMarkBytes: 3_000, highMarkBytes: 20_000 }

export interface NodeWorld {
  scheduler: Scheduler
  process: Process
  store: Store
  ledger: Ledger
  directory: Directory
  guard: Guard
  guardMode: GuardMode
  hub (parts: HubParts): Hub
  watch: Partial<NodeWatch>
  /** What a node must never throw or log as an error. */
  wrong (error: unknown): void
}

/** One node as src/app puts it together, on virtual time. */
export interface SimulatedNode {
  process: Process
  perch: PerchNode
  admin: DirectoryAdmin
  sessions: Sessions
  hub: Hub
  metrics: Tallies
}

export function startNode ({ scheduler, process, store: anyEpoch, ledger, directory, guard, guardMode, hub: makeHub, watch, wrong }: NodeWorld): SimulatedNode {
  const { clock } = process
  const store = new Epochs().newestOnly(anyEpoch)
  const { random } = scheduler
  const unlessKnown = (error: unknown): void => { if (!(error instanceof PerchError)) wrong(error) }
  const wire = new DirectoryNewsWire({ store, onNews: (org, news) => cached.forget(org, news), onTrouble: unlessKnown })
  const listen = (org: OrgId): void => {
    wire.listen(org)
    perch.served.use(org)
    perch.losses.listen(org)
    perch.watermarks.listen(shardOf(org)).catch(unlessKnown)
  }
  const cached = cachedDirectory({ directory, calendars, clock, onRemember: listen, limits: REMEMBERED })
  let ids = 0
  const perch = openNode({
    id: process.name,
    store,
    guard,
    guardMode,
    ledger,
    directory,
    lookup: cached,
    clock,
    badgeHash: badge => badge,
    keeps: [SHARD],
    kiosks: () => sessions.kiosks(),
    cacheLimit: CACHED_RECORDS,
    onTaken: async (shard, transact) => await syncShard({ store, directory, cached, transact }, shard),
    watch: { ...SILENT, trouble: (...[, , error]) => unlessKnown(error), ...watch },
    newClaimId: () => claimId(clock.now(), ++ids),
    random
  })
  const presenter = new Presenter({ directory, transact: perch.transact, clock, onTrouble: unlessKnown })
  const { commands } = perch
  const admin = directoryAdmin({
    store,
    directory,
    cached,
    transact: perch.transact,
    calendars,
    clock,
    commands,
    presenter,
    badgeHash: badge => badge,
    lookUps: { looked: async () => {} },
    tell: async (org, news) => await wire.tell(org, news),
    persisted: async (org, { epoch, n }) => n === null || await perch.watermarks.wait(shardOf(org), epoch, n, PERSISTED_WITHIN_MS)
  })
  const metrics = new Tallies()
  const log = { info () {}, warn: (fields: object) => { if ('err' in fields) unlessKnown(fields.err) }, error: (fields: object) => wrong(fields) }
  const stream = { store, clock, metrics, log, version: '1.2.3', commands, limits: LIMITS, random }
  const hub = makeHub({ ...stream, soon: run => { process.after(0, run) } })
  const mine = new Mine({ ...stream, untold: (org, person) => perch.losses.take(org, person) })
  perch.losses.toldBy(({ org, person, claim }) => mine.lost(org, person, [claim]))
  const authenticator = { authenticate: async () => { throw new PerchError('UNAUTHENTICATED') } }
  const sessions = new Sessions({ ...stream, hub, mine, authenticator })
  perch.start().catch(wrong)
  listen(ORG)
  return { process, perch, admin, sessions, hub, metrics }
}
