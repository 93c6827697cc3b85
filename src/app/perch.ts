import { createHmac, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { luxonCalendars } from '../adapters/luxon/calendars.ts'
import { systemClock } from '../adapters/system/clock.ts'
import type { Notes } from '../application/audit.ts'
import { directoryAdmin, type DirectoryAdminParts } from '../application/directory-admin.ts'
import { cachedDirectory } from '../application/directory-cache.ts'
import { DirectoryNewsWire } from '../application/directory-news.ts'
import { SILENT_AFTER_MS } from '../application/devices.ts'
import { Epochs } from '../application/epochs.ts'
import { drained } from '../application/drained.ts'
import { Forgetting } from '../application/forgetting.ts'
import { Formats } from '../application/formats.ts'
import { limitedCommands } from '../application/limited-commands.ts'
import { LookUps, watchedCommands } from '../application/look-ups.ts'
import { measuredCommands } from '../application/measured-commands.ts'
import type { Metrics } from '../application/metrics.ts'
import type { DirectoryNews } from '../application/news.ts'
import { openNode } from '../application/node.ts'
import { Presenter } from '../application/presenter.ts'
import { recordsAdmin } from '../application/records-admin.ts'
import { syncShard } from '../application/sync-floor.ts'
import { SHARDS, shardOf, type OrgId } from '../domain/ids.ts'
import type { Config } from '../config.ts'
import { httpServer } from '../transports/http/server.ts'
import { openAccess } from './access.ts'
import { openDatabase } from './database.ts'
import { watchGauges } from './gauges.ts'
import { openLimits } from './limits.ts'
import { liveStream } from './live-stream.ts'
import { openLiveState } from './live-state.ts'
import { nodeWatch } from './node-watch.ts'
import { pagesOf, wayToSignIn } from './pages.ts'
import { readinessOf } from './readiness.ts'
import { ofDatabase, ofListening } from './start-failure.ts'
import { readTls } from './tls.ts'

/** A call that changes the directory and ends claims waits so long for the ledger. */
const PERSISTED_WITHIN_MS = 5_000

/** One node, listening. */
export interface Perch {
  /** Where it can be reached from this machine. */
  url: string
  /** Says goodbye to everybody, stores what is left, and ends. Safe to repeat. */
  close (): Promise<void>
}

export interface PerchParts {
  config: Config
  log: Logger
  version: string
  metrics: Metrics
  /** The embedded ledger has stopped: nothing can be stored any more, so this process is of no use. */
  onFatal (error: Error): void
}

/** Puts a node together, from what the configuration names to the open port. What was opened is closed again when something fails. @throws ConfigError */
export async function openPerch (parts: PerchParts): Promise<Perch> {
  const closers: Array<() => Promise<void> | void> = []
  /** In the opposite order: each thing goes before those it needs. */
  const closeAll = async () => { for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close() }
  try {
    const url = await open(parts, close => { closers.push(close) })
    let closing: Promise<void> | null = null
    return {
      url,
      close: async () => { await (closing ??= closeAll()) }
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function open ({ config, log, version, metrics, onFatal }: PerchParts, closer: (close: () => Promise<void> | void) => void): Promise<string> {
  const tls = await readTls(config.tls)
  const clock = systemClock()
  const calendars = luxonCalendars()
  const badgeHash = (badge: string): string => createHmac('sha256', config.secret).update(badge).digest('hex')
  const onTrouble = (what: string) => (error: unknown) => { log.warn({ err: error }, what) }

  const epochs = new Epochs()
  const { directory, keys, credentials, devices, archive, ...database } = await openDatabase({ ...config, clock, log, onFailure: onFatal }).catch(error => { throw ofDatabase(error, config) })
  closer(database.close)
  const ledger = epochs.raisedBeyond(database.ledger)
  const { guard, tickets, ...live } = openLiveState({ ...config, clock, log, guarded: metrics.guarded })
  const formats = new Formats()
  const store = formats.knownOnly(epochs.newestOnly(live.store))
  closer(async () => { await Promise.all([store.close(), guard.close(), tickets.close()]) })

  const tell = async (org: OrgId, news: DirectoryNews): Promise<void> => await wire.tell(org, news)
  const note: Notes = async (org, notes) => { await archive.note(org, notes) }
  const access = await openAccess({
    config,
    clock,
    keys,
    credentials,
    devices,
    tickets,
    directory,
    metrics,
    tell,
    note,
    sessions: () => stream.sessions,
    listen: org => listen(org),
    onTrouble: onTrouble('keys: it was not looked whether they still work')
  })
  const { limits: rates, peers, mostSessions, mostConnections, ...counting } = openLimits({ config, store, clock, metrics, onTrouble: onTrouble('limits: other nodes were not heard or told') })
  closer(counting.close)
  const { knownKeys, ticketing } = access
  const authenticator = rates === undefined ? access.authenticator : rates.authenticator(access.authenticator)
  closer(() => knownKeys.close())
  const onNews = (org: OrgId, news: DirectoryNews): void => {
    cached.forget(org, news)
    access.heard(news)
  }
  const wire = new DirectoryNewsWire({ store, onNews, onTrouble: onTrouble('directory: other nodes were not heard or told') })
  closer(() => wire.close())
  const listen = (org: OrgId): void => {
    wire.listen(org)
    node.served.use(org)
    node.losses.listen(org)
    node.watermarks.listen(shardOf(org)).catch(onTrouble('ledger: its announcements cannot be heard'))
  }
  const cached = cachedDirectory({ directory, calendars, clock, onRemember: listen })
  const node = openNode({
    id: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    store,
    guard,
    guardMode: config.guard,
    ledger,
    directory,
    lookup: cached,
    clock,
    badgeHash,
    keeps: config.roles.includes('keeper') ? Array.from({ length: SHARDS }, (_, shard) => shard) : [],
    cacheLimit: config.cacheRecords,
    kiosks: config.roles.includes('edge') ? () => stream.sessions.kiosks() : null,
    onTaken: async (shard, transact) => await syncShard({ store, directory, cached, transact }, shard),
    watch: nodeWatch(log, metrics, clock)
  })
  closer(node.stop)
  const presenter = new Presenter({ directory, transact: node.transact, clock, onTrouble: onTrouble('directory: a name or visibility was not brought to every screen; trying on') })
  closer(() => presenter.close())
  const lookUps = new LookUps({ clock, note, onTrouble: onTrouble('audit: look-ups wait to be written down') })
  closer(() => lookUps.close())
  const forgetting = new Forgetting({
    directory,
    archive,
    clock,
    held: () => node.keeper.held,
    onForgotten (org, rows, days) {
      metrics.historyForgotten(rows.subjects + rows.claims + rows.events + rows.quarantined)
      log.info({ org, days, ...rows }, 'retention: history is anonymous but for the last days')
    },
    onTrouble: onTrouble('retention: history could not be made anonymous; trying on')
  })
  closer(async () => { await forgetting.stop() })
  // What this process does by itself looks nobody up.
  const own = measuredCommands(node.commands, metrics, clock)
  const watched = watchedCommands(own, lookUps)
  const commands = rates === undefined ? watched : limitedCommands(watched, rates)
  const adminParts: DirectoryAdminParts = {
    store,
    directory,
    cached,
    transact: node.transact,
    calendars,
    clock,
    commands: own,
    presenter,
    lookUps,
    badgeHash,
    tell,
    persisted: async (org, { epoch, n }) => n === null || await node.watermarks.wait(shardOf(org), epoch, n, PERSISTED_WITHIN_MS)
  }
  const admin = directoryAdmin(adminParts)
  const records = recordsAdmin({ ...adminParts, archive, ledger, forgetting, drained: async org => { await drained(store, clock, shardOf(org), PERSISTED_WITHIN_MS) } })
  metrics.watchDevices(async () => await devices.countDevices(clock.now() - SILENT_AFTER_MS))
  watchGauges(metrics, { store, keeper: node.keeper, cache: node.cache, cached, losses: node.losses, knownKeys, lookUps })

  const { origins } = config
  const stream = liveStream({
    store, clock, metrics, log, version, commands, authenticator, losses: node.losses, acceptRate: config.acceptRate, mostSessions, frameRate: config.limits?.frameRate, rates, peers, origins, ticketing
  })
  closer(stream.close)
  const readiness = readinessOf({ store, ledger, shard: shardOf(config.org), draining: () => stream.sessions.draining, outdated: () => formats.newer !== null })
  const edge = config.roles.includes('edge') ? { commands, directory: admin, records, keys: access.keys, devices: access.devices, ticketing, live: stream.routes, admit: stream.admit } : null
  const pages = pagesOf({ embedOrigins: config.embedOrigins, signIn: wayToSignIn(config) }, log)
  const app = await httpServer({ edge, authenticator, log, metrics, readiness, version, tls, limits: rates, peers, mostConnections, origins, signIn: access.signIn, pages })
  if (edge !== null) stream.attach(app)
  closer(async () => { await app.close() })

  // Before the keeper begins: whoever cannot have the port must not have moved any shard into a new epoch.
  const listening = new URL(await app.listen({ host: config.host, port: config.port }).catch(error => { throw ofListening(error, config) }))
  closer(async () => { await stream.sessions.drain() })
  await node.start()
  forgetting.start()
  listen(config.org)
  return urlOf(listening.port, config)
}

function urlOf (port: string, { host, tls }: Config): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `${tls === null ? 'http' : 'https'}://${name}:${port}`
}
