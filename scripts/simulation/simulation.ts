import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Writable } from 'node:stream'
import { Turns } from '../../src/application/turns.ts'
import { limited } from '../../src/cli/seed/abort.ts'
import { ApiRefusal, Unreachable, type ApiAddress } from '../../src/cli/seed/api.ts'
import { Random } from '../../src/cli/seed/random.ts'
import { Caller } from './caller.ts'
import { checkClaims } from './check-claims.ts'
import { checkReplicas } from './check-replicas.ts'
import { runCrowd } from './crowd.ts'
import { DayClock } from './day-clock.ts'
import { claimableSpaces, readDirectory, type KnownDirectory } from './directory.ts'
import { runFacility } from './facility.ts'
import { Figures } from './figures.ts'
import { Journal, readJournal } from './journal.ts'
import { isOpen } from './opening.ts'
import type { RunOptions } from './options.ts'
import { showProgress } from './progress.ts'
import { reportOf, type Report } from './report.ts'
import { Screens } from './screens.ts'
import { Sensors } from './sensors.ts'
import { compressTempo, restoreTempo } from './site-tempo.ts'
import { SpaceFinder } from './space-finder.ts'
import { verifyJournal } from './verify-journal.ts'

/** Commands under way at any moment. */
const AT_ONCE = 64
/** Somewhere a watcher loses its connection, on average this often for each of them. */
const DROPPED_EVERY_MS = 45_000
/** After a fault every watcher is right again within 10 s; as much again for a machine that is short of breath. */
const CONVERGE_MS = 20_000
/** Claims that began before the run and reach into it. */
const BEFORE_MS = 3_600_000

/** A day, or as much of it as fits, and then the questions whether all is as it should be. `stop` ends it early. @throws Unreachable, ApiRefusal */
export async function simulate (options: RunOptions, out: Writable, stop: AbortSignal): Promise<Report> {
  const { server } = options
  const directory = await readDirectory(server)
  const figures = new Figures()
  const journal = new Journal(options.journal)
  const screens = new Screens(server, directory.floors.map(({ id }) => id), options.watchers, figures)
  const startedAt = Date.now()
  try {
    if (!options.keepPolicy) await compressTempo(server, directory.sites, options.speed)
    screens.start()
    await untilCurrent(screens)
    const began = performance.now()
    await live(options, directory, screens, figures, journal, out, stop)
    const ms = performance.now() - began
    if (!options.keepPolicy) await restore(server, directory, out)
    out.write('The day is over; comparing what everybody has seen ...\n')
    const claims = await checkClaims(server, directory.floors.flatMap(({ spaces }) => spaces.map(({ id }) => id)), startedAt - BEFORE_MS)
    const kept = { path: journal.path, ...await verifyJournal(server, readJournal(journal.path)) }
    const replicas = await checkReplicas(server, screens.watchers, CONVERGE_MS)
    return reportOf({ startedAt, ms, speed: options.speed, people: options.people, seed: options.seed, figures, watchers: screens.watchers, replicas, claims, journal: kept })
  } finally {
    screens.stop()
    journal.close()
  }
}

async function live (
  options: RunOptions, directory: KnownDirectory, screens: Screens, figures: Figures, journal: Journal, out: Writable, stop: AbortSignal
): Promise<void> {
  const { server, speed } = options
  const random = new Random(options.seed)
  const clock = new DayClock(speed, Date.now())
  const spaces = claimableSpaces(directory.floors)
  const finder = new SpaceFinder(spaces, (floor, space) => screens.viewOf(floor, space))
  const caller = new Caller({ server, permits: new Turns(AT_ONCE), figures, journal, app: () => screens.app() })
  const life = { clock, caller, finder, figures, occupied: new Set<string>(), held: new Set<string>() }
  const openSites = (forMs: number) => {
    const until = Math.min(forMs, options.runMs)
    return new Set(directory.sites.filter(site => isOpen(site, Date.now(), Date.now() + until)).map(({ id }) => id))
  }
  const { signal: day, done } = limited(options.runMs, stop)
  // Everybody in the building waits for its end.
  setMaxListeners(0, day)
  const hide = showProgress({
    out, figures, time: () => clock.toString(), active: () => life.held.size, watchers: () => ({ current: screens.current, all: screens.watchers.length })
  })
  try {
    await Promise.all([
      runCrowd({ ...life, workers: directory.people, count: options.people, random: random.fork(1), openSites }, day),
      new Sensors({ server, floors: directory.floors, figures, random: random.fork(2), occupied: life.occupied }).run(day),
      runFacility({ server, spaces, clock, figures, random: random.fork(3) }, day),
      disturb(screens, day)
    ])
  } finally {
    hide()
    done()
  }
}

/** Connections end without a reason, too. */
async function disturb (screens: Screens, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(DROPPED_EVERY_MS / screens.watchers.length, undefined, { signal }).catch(() => {})
    if (!signal.aborted) screens.dropOne()
  }
}

/** People look at the map before they choose; a day begins without it after a while. */
async function untilCurrent (screens: Screens): Promise<void> {
  const giveUpAt = performance.now() + 10_000
  while (screens.current < screens.watchers.length && performance.now() < giveUpAt) await pause(50)
}

async function restore (server: ApiAddress, { sites }: KnownDirectory, out: Writable): Promise<void> {
  try {
    await restoreTempo(server, sites)
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof ApiRefusal)) throw error
    out.write(`The sites' own rules could not be put back (${error.message}); \`perch seed\` does it.\n`)
  }
}
