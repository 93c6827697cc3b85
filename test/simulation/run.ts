import { memoryGuard } from '../../src/adapters/memory/guard.ts'
import { GUARD_MODES } from '../../src/application/guarding.ts'
import { Hub, type HubParts } from '../../src/application/hub.ts'
import type { Guard, Ledger, Store } from '../../src/application/ports.ts'
import { AUDIENCES } from '../../src/domain/audience.ts'
import { GRANTS_ALWAYS } from '../harness/core.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'
import { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import { Answers } from './answers.ts'
import { Crowd } from './crowd.ts'
import { Ending } from './ending.ts'
import { FAULTS, Faults, LONGEST_MS, type Fault } from './faults.ts'
import { Judge } from './judge.ts'
import { SimulatedHost } from './host.ts'
import { Scheduler } from './scheduler.ts'
import { Server } from './server.ts'
import { FAIR, Service } from './service.ts'
import { ADMIN, DISPLAY, FLOORS, furnish, memberOf, PEOPLE, POLICIES } from './setting.ts'
import { Verdict } from './verdict.ts'
import { Viewer } from './viewer.ts'

/** So many nodes at least, and in some runs one more. */
const NODES = 2
/** Screens beside one per floor. */
const MORE_SCREENS = 2
/** The shard lives, floors are placed and recorded: from then on faults may happen. */
const CALM_MS = 4_000
/** A run that has so many steps turns in circles. */
const MOST_STEPS = 400_000
const STACK = 10

/** Parts in whose place a mutation puts its own. */
export interface Wiring {
  /** The server's side of the store: what all nodes share. */
  server? (store: Store, ledger: Ledger): Store
  /** The server works although its epoch key is of another replication id. */
  ignoresReplid?: boolean
  /** What one node has of the store, behind the network. */
  store? (store: Store): Store
  /** What all nodes have of the ledger, before the network. */
  ledger? (ledger: Ledger): Ledger
  hub? (parts: HubParts): Hub
}

export interface Options {
  seed: number
  traced?: boolean
  wiring?: Wiring
  /** These happen, and no others; else some of all. */
  faults?: readonly Fault[]
  /** Between two commands, on average; else by the seed. */
  everyMs?: number
}

export interface Outcome {
  seed: number
  /** What is broken, and how; null: nothing. */
  broken: string | null
  digest: number
  steps: number
  commands: number
  granted: number
  persisted: number
  virtualMs: number
  lines: readonly string[]
}

/** One run: from an empty store over commands and faults to a heal, and everything compared at the end. The same seed gives the same run. */
export async function simulate ({ seed, traced = false, wiring = {}, faults, everyMs }: Options): Promise<Outcome> {
  // Errors are answers here, and most of the time of making one goes into its stack.
  Error.stackTraceLimit = traced ? STACK : 0
  const scheduler = new Scheduler(seed, traced)
  const verdict = new Verdict()
  const directory = new DirectoryInMemory()
  const ledgerMemory = new LedgerInMemory(directory)
  const judge = new Judge(scheduler, verdict, ledgerMemory)
  const server = new Server(scheduler, judge, wiring.ignoresReplid === true)
  const answers = new Answers(verdict, judge, ledgerMemory)

  const hosts: SimulatedHost[] = []
  const services = Object.fromEntries((['store', 'ledger', 'guard'] as const).map(name => {
    return [name, new Service(scheduler, name, process => hosts.find(host => host.process === process)?.crash(scheduler.between(100, LONGEST_MS)))]
  })) as Record<'store' | 'ledger' | 'guard', Service>
  const guard: Guard = scheduler.chance(0.4) ? GRANTS_ALWAYS : memoryGuard(() => scheduler.now)
  const shared = {
    scheduler,
    verdict,
    services,
    directory,
    guard,
    guardMode: scheduler.one(GUARD_MODES),
    ledger: wiring.ledger?.(judge.ledger) ?? judge.ledger,
    server: wiring.server?.(server.store, ledgerMemory) ?? server.store,
    wiring: { store: wiring.store ?? (store => store), hub: wiring.hub ?? (parts => new Hub(parts)) }
  }
  const nodes = NODES + (scheduler.chance(0.4) ? 1 : 0)
  for (let i = 1; i <= nodes; i++) hosts.push(new SimulatedHost(shared, `node-${i}`))
  const anyNode = () => {
    const up = hosts.flatMap(host => host.takesConnections() ?? [])
    return up.length === 0 ? null : scheduler.one(up)
  }
  const floors = Object.keys(FLOORS)
  const screens = [...floors, ...Array.from({ length: scheduler.below(MORE_SCREENS + 1) }, () => scheduler.one(floors))]
  const viewers = screens.map(floor => {
    const audience = scheduler.chance(0.6) ? 'named' : scheduler.one(AUDIENCES)
    const principal = audience === 'named' ? memberOf(scheduler.one(PEOPLE)) : audience === 'counts' ? ADMIN : DISPLAY
    // An admin who watches totals asks for less than they may see.
    return new Viewer({ scheduler, verdict, positions: judge.positions, floor, audience, asks: audience === 'counts' || scheduler.chance(0.6), anyNode, principal })
  })
  const crowd = new Crowd({ scheduler, verdict, answers, anyNode })

  const over = (): boolean => {
    if (scheduler.steps > MOST_STEPS) verdict.fail('INV-8', 'the run does not come to an end')
    return verdict.broken !== null
  }
  const pass = async (until: () => boolean): Promise<void> => await scheduler.run(() => over() || until())
  const passMs = async (ms: number): Promise<void> => {
    const end = scheduler.now + ms
    scheduler.after(ms, () => {})
    await pass(() => scheduler.now >= end)
  }

  const onRejection = (error: unknown): void => verdict.fail('error', `nobody handles ${error instanceof Error ? error.stack : String(error)}`)
  process.on('unhandledRejection', onRejection)
  try {
    await furnish(directory, scheduler.one(POLICIES))
    for (const host of hosts) host.boot()
    await passMs(CALM_MS)
    for (const viewer of viewers) viewer.connect()

    const kinds = faults ?? FAULTS.filter(() => scheduler.chance(0.4))
    const storm = new Faults({
      scheduler,
      victims: hosts,
      server,
      services,
      cutSomebody: () => scheduler.one(viewers).cut(),
      slowSomebody: ms => {
        const viewer = scheduler.one(viewers)
        viewer.slowDown(ms)
        scheduler.after(3_000, () => viewer.slowDown(0))
      }
    }, kinds)
    const often = faults === undefined ? scheduler.between(1_000, 8_000) : scheduler.between(300, 2_500)
    const [commands, paceMs] = [100 + scheduler.below(100), everyMs ?? scheduler.between(20, 250)]
    const end = scheduler.now + commands * paceMs
    const ask = (): void => {
      if (crowd.commands >= commands) return
      crowd.next()
      scheduler.after(2 * paceMs * scheduler.random(), ask)
    }
    const fault = (): void => {
      if (scheduler.now > end) return
      storm.next().catch((error: unknown) => verdict.fail('error', String(error)))
      scheduler.after(2 * often * scheduler.random(), fault)
    }
    ask()
    if (kinds.length > 0) scheduler.after(often * scheduler.random(), fault)
    await pass(() => crowd.commands >= commands && scheduler.now > end)

    scheduler.note('HEAL')
    for (const service of Object.values(services)) service.weather = { ...FAIR }
    await passMs(Math.max(0, storm.until - scheduler.now))
    for (const service of Object.values(services)) service.weather = { ...FAIR }
    for (const host of hosts) host.heal()
    await new Ending({ scheduler, verdict, judge, server, ledger: ledgerMemory, viewers, hosts, pass, passMs }).hold()
  } catch (error) {
    verdict.fail('error', error instanceof Error ? error.stack ?? error.message : String(error))
  } finally {
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', onRejection)
    Error.stackTraceLimit = STACK
  }
  return {
    seed,
    broken: verdict.broken,
    digest: scheduler.digest,
    steps: scheduler.steps,
    commands: crowd.commands,
    granted: answers.granted,
    persisted: answers.persisted,
    virtualMs: scheduler.elapsed,
    lines: scheduler.lines
  }
}
