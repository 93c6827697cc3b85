import { ApiRefusal, askApi, callApi } from '../../src/cli/seed/api.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { ORG, SHARD } from '../harness/core.ts'
import { seeded } from '../harness/random.ts'
import { until } from '../harness/wait.ts'
import { checkBounds } from './checkers/bounds.ts'
import { checkLedgerHistory } from './checkers/ledger-history.ts'
import { checkLedgerOrder } from './checkers/ledger-order.ts'
import { checkPlaces } from './checkers/places.ts'
import { checkLosses, type Loss } from './checkers/losses.ts'
import type { Problem } from './checkers/problem.ts'
import { History, type HistoryLine, type Operation } from './history.ts'
import { FLOORS, OUTBOX_LIMIT, type Installation } from './installation.ts'
import { dumpLedger, type LedgerDump } from './ledger-dump.ts'
import { Nemesis, type Fault } from './nemesis.ts'
import { Sampling } from './sampling.ts'
import { checkWatchers, type Crowd } from './watching.ts'
import { Workload } from './workload.ts'

export interface RoundOptions {
  seed: number
  /** How long faults come, in milliseconds. */
  rageMs: number
  clients: number
  /** INV-6: everybody sees what is so, and claims are stored, this long after the last fault. Milliseconds. */
  healMs: number
  faults: Readonly<Record<string, Fault>>
  /** See Nemesis.rage. */
  script: readonly string[] | null
  write (line: HistoryLine): void
}

/** What one round came to. */
export interface Round {
  seed: number
  problems: Problem[]
  kills: number
  commands: number
  persisted: number
  /** Claims that were granted provisionally, and that a fault took. */
  lost: number
  /** Of those: their holders are told. */
  reported: number
  places: number
  undecided: number
  /** From the moment that everything was well again until every watcher showed what is so; milliseconds. */
  convergedMs: number
  /** The most that a node took, in bytes, and that waited for the ledger. */
  memory: number
  outbox: number
  answers: ReadonlyArray<readonly [string, number]>
  faults: ReadonlyMap<string, number>
}

/** Who was refused again and again waits up to half a minute before the next attempt. */
const BACK_MS = 60_000
/** Until the ledger has everything, once nobody asks for more. */
const DRAINED_MS = 60_000
/** Until processes answer that were started again, some of them at once on a machine that has other things to do. */
const READY_MS = 60_000

/** Load, faults, healing, and then everything is looked at. Leaves an installation without claims. */
export async function runRound (t: Cleanup, installation: Installation, crowd: Crowd, options: RoundOptions): Promise<Round> {
  const { seed, clients } = options
  const history = new History(options.write)
  const base = Math.floor(Date.now() / 1_000) * 1_000
  history.note({ type: 'round', seed, setting: installation.setting, base })
  crowd.tell(what => history.note({ type: 'watcher', what }))
  const before = await drained(installation, NOTHING)
  const workload = new Workload(t, { installation, history, random: seeded(seed), clients, base })
  const nemesis = new Nemesis({ installation, history, faults: options.faults, random: seeded(seed ^ 0x5eed) })

  let stuck: Problem[] = []
  let healedAt = 0
  const sampling = new Sampling(installation)
  workload.start()
  sampling.start()
  try {
    await workload.progress(20, READY_MS)
    await nemesis.rage(options.rageMs, options.script)
    await installation.heal(READY_MS)
    healedAt = performance.now()
    nemesis.settled()
    stuck = await workload.progress(20, options.healMs).then(() => [], (error: Error) => [{ kind: 'not converged', invariant: 'INV-5', what: error.message }])
  } finally {
    await workload.stop()
    await sampling.stop()
  }
  await until(() => crowd.isConnected, { what: 'every watcher has come back', withinMs: BACK_MS, everyMs: 20 })
  const unconverged = await checkWatchers(installation, crowd.watchers, options.healMs)
  const convergedMs = performance.now() - healedAt

  const after = await drained(installation, before.seqs)
  const held = await finallyHeld(installation)
  const { operations } = history
  const told = checkLedgerHistory(operations, after)
  const places = checkPlaces({
    operations, told, events: after.events, epochs: { first: before.epoch, last: after.epoch }, finally: held.map(view => ({ claim: view.id, space: view.space, person: view.person, slot: slotOf(view, base) })), split: nemesis.split
  })
  const losses = checkLosses(await lossesOf(installation, told.lost, options.healMs))
  await releaseAll(installation, held)
  return {
    seed,
    problems: [...stuck, ...unconverged, ...checkBounds(sampling.samples, OUTBOX_LIMIT), ...checkLedgerOrder(after, before.seqs), ...told.problems, ...places.problems, ...losses.problems],
    kills: nemesis.kills,
    commands: operations.length,
    persisted: told.persisted,
    lost: told.lost.length,
    reported: losses.reported,
    places: places.places,
    undecided: places.undecided,
    convergedMs,
    memory: Math.max(...sampling.samples.map(({ memory }) => memory ?? 0)),
    outbox: Math.max(...sampling.samples.map(({ outbox }) => outbox ?? 0)),
    answers: workload.answers.entries,
    faults: nemesis.done
  }
}

/** Later than any position: nothing is read. */
const NOTHING: ReadonlyMap<string, number> = new Map(Object.keys(FLOORS).map(floor => [floor, Number.MAX_SAFE_INTEGER]))

/** The ledger, once it has everything that the store has. `since`: positions after which its events are read. */
async function drained (installation: Installation, since: ReadonlyMap<string, number>): Promise<LedgerDump> {
  return await until(async () => {
    const states = await Promise.all(Object.keys(FLOORS).map(async floor => await askApi(installation.server(), 'GET', `/v1/floors/${floor}/state?audience=counts`) as { floor: string, epoch: number, seq: number }))
    const dump = await dumpLedger(installation.postgres.url, ORG, SHARD, since)
    return states.every(({ floor, seq, epoch }) => dump.seqs.get(floor) === seq && dump.epoch === epoch) && dump
  }, { what: 'the ledger has what the store has', withinMs: DRAINED_MS, everyMs: 100 })
}

async function finallyHeld (installation: Installation): Promise<ClaimView[]> {
  const lists = await Promise.all(Object.keys(FLOORS).map(async floor => {
    const { claims } = await askApi(installation.server(), 'GET', `/v1/claims?floor=${floor}&limit=1000`) as { claims: ClaimView[] }
    return claims.filter(({ state }) => state !== 'ended')
  }))
  return lists.flat()
}

/** Asks a node for each claim, as its holder would: the one that had answered, or another if that one has ended. A node that lives has to know in that time. */
async function lossesOf (installation: Installation, lost: readonly Operation[], withinMs: number): Promise<Loss[]> {
  const found: Loss[] = []
  for (const operation of lost) {
    const node = installation.nodes[operation.node]
    const lives = node?.running === true && node.pid === operation.pid
    let answer: Loss['answer'] = {}
    const isTold = async (): Promise<boolean> => {
      const { body } = await callApi(lives ? node.address : installation.server(), 'POST', `/v1/claims/${operation.command.claim}/check-in`)
      answer = body as Loss['answer']
      return !lives || answer.lost === true
    }
    await until(isTold, { what: 'the node that answered tells of the loss', withinMs, everyMs: 100 }).catch(() => {})
    found.push({ operation, lives, answer })
  }
  return found
}

async function releaseAll (installation: Installation, claims: readonly ClaimView[]): Promise<void> {
  for (let i = 0; i < claims.length; i += 16) {
    await Promise.all(claims.slice(i, i + 16).map(async ({ id }) => { await askApi(installation.server(), 'POST', `/v1/claims/${id}/release`, { await: 'accepted' }).catch(unlessGone) }))
  }
}

/** Where something is wrong, that has been found by now: the round is to tell of it. */
function unlessGone (error: unknown): void {
  if (!(error instanceof ApiRefusal) || !['CLAIM_ENDED', 'CLAIM_UNKNOWN'].includes(error.code)) throw error
}

/** By its beginning: the first slot's claims began when they were made. */
function slotOf ({ from }: ClaimView, base: number): number {
  return Math.max(0, Math.floor((Date.parse(from) - base) / (2 * 3_600_000)))
}
