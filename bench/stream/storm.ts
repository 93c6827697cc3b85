import { setTimeout as pause } from 'node:timers/promises'
import { STREAM_LIMITS } from '../../src/application/stream-limits.ts'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import { command } from '../../test/harness/redis.ts'
import { cpuMicros } from '../cpu.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import { startLoad, type LoadProcess } from './load.ts'
import { nodeMetrics } from './node-metrics.ts'
import { perchNode, type PerchContender } from './perch-node.ts'
import { pinning } from './pin.ts'
import { Probe } from './probe.ts'

const CLIENTS = 10_000
const CLIENTS_QUICK = 2_000
const SPACES = 200
const TURNS = 5
/** What a client has missed when it comes back, at most. */
const CHANGES = 10
const SETTLE_MS = 2_000

const AIM_AFTER_WINDOW_MS = 3_000
const AIM_BLOCKED_MS = 50
/** None: but what keepers do by the way is not the same in any two seconds, a few hundred commands more or less. */
const AIM_COMMANDS = 0.1
/** Until the clients notice, and the moment of the look at what the loss did: the monitor starts anew then, and would forget a block that is not over. */
const NOTICE_MS = 1_500
const LOSS_MS = 1_200
/** The monitor's own period: a loop that is never blocked reads as much. */
const MONITOR_MS = 10

interface Turn {
  mostMs: number
  p50Ms: number
  /** Commands that Redis ran meanwhile, less those of as long a time with the same changes and no storm. */
  redis: number
  /** While the connections end, and while they come back. */
  blockedAtLossMs: number
  blockedMs: number
  probeMs: number
  /** Seconds of CPU of the node. */
  cpu: number
  load: number
}

/** What happens when everybody loses the connection at once and comes back? */
export async function benchStorm (t: Cleanup, { quick, turns: asked, progress }: Terms): Promise<Table[]> {
  const [turns, clients] = quick ? [asked ?? 1, CLIENTS_QUICK] : [asked ?? TURNS, CLIENTS]
  progress('starts the servers')
  const perch = await perchNode(t, { floors: 1, spaces: SPACES })
  const load = await startLoad(t)
  const { target, source } = perch
  await load.ask('open', { target, source, clients })
  const done: Turn[] = []
  for (let turn = 0; turn < turns; turn++) {
    await pause(SETTLE_MS)
    const figures = await takeTurn(perch, load, turn)
    done.push(figures)
    progress(`turn ${turn + 1} of ${turns}: all current after ${Math.round(figures.mostMs)} ms, blocked for ${figures.blockedAtLossMs.toFixed(0)} ms at most at the loss, ${figures.blockedMs.toFixed(0)} ms later`)
  }
  await load.ask('close', null)
  const { minMs, maxMs } = STREAM_LIMITS.retry
  const row = (what: string, of: (turn: Turn) => number, aim: number | null): Row => {
    const all = done.map(of)
    return { measured: what, median: median(all), lowest: Math.min(...all), highest: Math.max(...all), 'aim at most': aim, '': aim === null ? '' : median(all) <= aim ? 'reached' : 'missed' }
  }
  return [{
    title: `A storm: ${clients.toLocaleString('en-US')} watchers of one floor lose their connection at once and come back`,
    about: [
      `They notice ${NOTICE_MS} ms later. Each waits ${minMs} to ${maxMs} ms, as the protocol asks, and resumes from its position; ${CHANGES} changes are made meanwhile. ${turns} turn(s), ${SPACES} spaces.`,
      'Commands of Redis: of all it ran, less those of as long a time with the same changes and no storm. The longest block is the node\'s own measure of its event loop, less its period of 10 ms.',
      pinning
    ],
    rows: [
      row('the last is current, ms after they noticed', ({ mostMs }) => mostMs, maxMs + AIM_AFTER_WINDOW_MS),
      row('half are current, ms after they noticed', ({ p50Ms }) => p50Ms, null),
      row('event loop blocked while all are lost, ms at most', ({ blockedAtLossMs }) => blockedAtLossMs, AIM_BLOCKED_MS),
      row('event loop blocked while they come back, ms at most', ({ blockedMs }) => blockedMs, AIM_BLOCKED_MS),
      row('GET /healthz every 5 ms, ms at most', ({ probeMs }) => probeMs, null),
      row('commands of Redis per client', ({ redis }) => redis / clients, AIM_COMMANDS),
      row('CPU of the node, ms per client', ({ cpu }) => 1000 * cpu / clients, null),
      row('load, % of its core', turn => turn.load, null)
    ]
  }]
}

async function takeTurn (perch: PerchContender, load: LoadProcess, turn: number): Promise<Turn> {
  const { url, pid, redisPort } = perch
  const before = await commandsRun(redisPort)
  await nodeMetrics(url)
  const [cpu, probe] = [cpuMicros([pid]), new Probe(url)]
  const stormy = load.ask('storm', { noticeMs: NOTICE_MS, window: STREAM_LIMITS.retry, changes: CHANGES, seed: turn })
  await pause(LOSS_MS)
  const loss = await nodeMetrics(url)
  const { mostMs, p50Ms, cpuMicros: loadMicros, wallMs } = await stormy
  const probed = await probe.end()
  const used = cpuMicros([pid]) - cpu
  const metrics = await nodeMetrics(url)
  const after = await commandsRun(redisPort)
  const startedAt = performance.now()
  await load.ask('rounds', { rounds: CHANGES, changes: 1, together: false, seed: turn })
  await pause(wallMs - (performance.now() - startedAt))
  const calm = await commandsRun(redisPort)
  return {
    mostMs,
    p50Ms,
    redis: (after - before) - (calm - after),
    blockedAtLossMs: longestBlockMs(loss),
    blockedMs: longestBlockMs(metrics),
    probeMs: probed,
    cpu: used / 1e6,
    load: loadMicros / wallMs / 10
  }
}

function longestBlockMs (metrics: ReadonlyMap<string, number>): number {
  return 1000 * (metrics.get('nodejs_eventloop_lag_max_seconds') ?? 0) - MONITOR_MS
}

/** Those within scripts as well. */
async function commandsRun (port: number): Promise<number> {
  const info = await command(port, async client => await client.info('commandstats'))
  return [...info.matchAll(/cmdstat_[\w|]+:calls=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
}
