import type { Redis } from 'ioredis'
import { setTimeout as pause } from 'node:timers/promises'
import type { FilesRewritten } from '../../application/ports.ts'
import type { Client } from './connection.ts'
import type { Door } from './door.ts'

/** Whoever asked for it waits. A large server goes on by itself. */
const WITHIN_MS = 20_000
const LOOK_EVERY_MS = 50

type Node = Pick<Redis, 'info' | 'call'>

/** Of every primary: the append-only file, and the dump where the server keeps one. */
export async function rewriteFiles (door: Door): Promise<FilesRewritten> {
  return await door.ask('rewrite-files', async client => {
    let [replicas, done, kept] = [0, true, false]
    for (const node of primaries(client)) {
      const facts = await persistence(node)
      replicas += Number(facts.get('connected_slaves') ?? 0)
      const jobs = [facts.get('aof_enabled') === '1' ? AOF : null, await savesDumps(node, facts) ? DUMP : null].filter(job => job !== null)
      for (const job of jobs) {
        kept = true
        const outcome = await runJob(node, job)
        if (outcome.state === 'refused') return { ...outcome, replicas }
        done &&= outcome.state === 'done'
      }
    }
    return kept ? { state: done ? 'done' as const : 'under-way' as const, replicas } : { state: 'none' as const }
  })
}

/** A job of the server's, and the members of INFO that tell how it goes. */
interface Job {
  command: string
  args: string[]
  /** Not '0' while it runs or is to run. */
  running: string[]
  status: string
}

const AOF: Job = { command: 'BGREWRITEAOF', args: [], running: ['aof_rewrite_in_progress', 'aof_rewrite_scheduled'], status: 'aof_last_bgrewrite_status' }
const DUMP: Job = { command: 'BGSAVE', args: ['SCHEDULE'], running: ['rdb_bgsave_in_progress'], status: 'rdb_last_bgsave_status' }

/** One that was under way has begun too early: it is waited for, and then it is done again. */
async function runJob (node: Node, job: Job): Promise<{ state: 'done' | 'under-way' } | { state: 'refused', reason: string }> {
  const until = performance.now() + WITHIN_MS
  if (!await isOver(node, job, until)) return { state: 'under-way' }
  try {
    await node.call(job.command, ...job.args)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    // Somebody else was quicker, and began after what had to go was gone.
    if (!/in progress/i.test(reason)) return { state: 'refused', reason }
  }
  if (!await isOver(node, job, until)) return { state: 'under-way' }
  return (await persistence(node)).get(job.status) === 'ok' ? { state: 'done' } : { state: 'refused', reason: `${job.command} failed: see the server's log` }
}

async function isOver (node: Node, { running }: Job, until: number): Promise<boolean> {
  for (;;) {
    const facts = await persistence(node)
    if (running.every(member => (facts.get(member) ?? '0') === '0')) return true
    if (performance.now() > until) return false
    await pause(LOOK_EVERY_MS)
  }
}

/** What INFO says of files and replicas. */
async function persistence (node: Node): Promise<Map<string, string>> {
  const text = `${await node.info('persistence')}\n${await node.info('replication')}`
  return new Map(text.split('\n').map(line => line.trim().split(':')).filter(parts => parts.length === 2).map(([name = '', value = '']) => [name, value]))
}

/** By its configuration, or, where that may not be read (docs/redis-acl.conf), by whether it ever did since it began. */
async function savesDumps (node: Node, facts: ReadonlyMap<string, string>): Promise<boolean> {
  const asked = await node.call('CONFIG', 'GET', 'save').catch(() => null)
  if (Array.isArray(asked)) return String(asked[1] ?? '') !== ''
  return Number(facts.get('rdb_last_bgsave_time_sec') ?? -1) >= 0
}

function primaries (client: Client): Node[] {
  return client.isCluster && 'nodes' in client ? client.nodes('master') : [client as Redis]
}
