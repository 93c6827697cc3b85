import { Cluster, type Redis } from 'ioredis'
import { connect, firstReady, type Client } from '../../adapters/redis/connection.ts'
import { parseRedisUrl } from '../../adapters/redis/url.ts'
import { clockFinding, fail, ok, reasonOf, warn, type Finding } from './finding.ts'
import { aclFindings } from './check-acl.ts'
import { askServer, type ServerFacts } from './server-facts.ts'

const TIMEOUT_MS = 3_000
const OLDEST = [7, 0]

export interface RedisChecked {
  findings: Finding[]
  /** Of the processes that were reached: two addresses with one run id are one server. */
  runIds: Map<string, string>
}

/** The live state: every master behind the URL. */
export async function checkRedis (url: string): Promise<RedisChecked> {
  const checked: RedisChecked = { findings: [], runIds: new Map() }
  const client = connect(parseRedisUrl(url), TIMEOUT_MS, { info () {}, warn () {} })
  let reason = `no answer within ${TIMEOUT_MS} ms`
  client.on('error', (error: Error) => { reason = reasonOf(error) })
  try {
    await firstReady(client, TIMEOUT_MS)
    if (client.status !== 'ready') {
      checked.findings.push(fail(`redis: cannot be reached: ${reason}`, 'start it, or mend REDIS_URL'))
      return checked
    }
    if (client.isCluster) checked.findings.push(await checkCluster(client))
    for (const master of mastersOf(client)) await checkMaster(master, checked)
  } catch (error) {
    checked.findings.push(fail(`redis: stopped answering: ${reasonOf(error)}`, 'see its log'))
  } finally {
    client.disconnect()
  }
  return checked
}

function mastersOf (client: Client): Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client]
}

async function checkCluster (client: Client): Promise<Finding> {
  const info = String(await client.call('CLUSTER', 'INFO'))
  return info.includes('cluster_state:ok')
    ? ok('redis: the cluster serves every slot')
    : fail('redis: the cluster does not serve every slot', 'see CLUSTER NODES: shards whose slots are not served stay RECOVERING')
}

async function checkMaster (master: Redis, { findings, runIds }: RedisChecked): Promise<void> {
  const facts = await askServer(master)
  const name = `redis ${facts.address}`
  runIds.set(facts.info.get('run_id') ?? '', name)
  findings.push(versionFinding(name, facts), ...roleFindings(name, facts), ...persistenceFindings(name, facts), evictionFinding(name, facts), ...replicaFindings(name, facts))
  findings.push(...await aclFindings(name, master), clockFinding(name, facts.time, facts.askedAt))
}

function versionFinding (name: string, { info }: ServerFacts): Finding {
  const version = info.get('redis_version') ?? 'unknown'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > (OLDEST[0] ?? 0) || (major === OLDEST[0] && minor >= (OLDEST[1] ?? 0))
    ? ok(`${name}: version ${version}`)
    : fail(`${name}: version ${version}`, 'install Redis 7.0 or newer: sharded pub/sub is needed')
}

function roleFindings (name: string, { info }: ServerFacts): Finding[] {
  return info.get('role') === 'master' ? [] : [fail(`${name}: is a replica, which takes no writes`, 'point REDIS_URL at the primary, or at Sentinel')]
}

/** Without a file a restart costs every claim that was not in Postgres yet; with a lazy one a power loss does. */
function persistenceFindings (name: string, { info, settings }: ServerFacts): Finding[] {
  if (info.get('aof_enabled') !== '1') return [fail(`${name}: keeps nothing on disk`, 'set appendonly yes and appendfsync always: a restart loses claims that were not in Postgres yet')]
  const fsync = settings?.get('appendfsync')
  if (fsync === undefined) return [warn(`${name}: appends to a file, but does not tell how often it is synced (CONFIG is forbidden)`, 'make sure of appendfsync always')]
  if (fsync === 'always') return [ok(`${name}: syncs every write to disk`)]
  return [warn(`${name}: appendfsync is ${fsync}`, 'set appendfsync always: at a power loss, claims that were granted and not yet in Postgres go with what was not synced')]
}

function evictionFinding (name: string, { info }: ServerFacts): Finding {
  const policy = info.get('maxmemory_policy') ?? 'unknown'
  return policy === 'noeviction'
    ? ok(`${name}: evicts nothing`)
    : fail(`${name}: maxmemory-policy is ${policy}`, 'set maxmemory-policy noeviction: an evicted record is a claim forgotten')
}

function replicaFindings (name: string, { info, settings }: ServerFacts): Finding[] {
  const replicas = Number(info.get('connected_slaves') ?? 0)
  if (replicas === 0) return [ok(`${name}: has no replicas; should it be lost, the live state is rebuilt from Postgres`)]
  const needed = settings?.get('min-replicas-to-write')
  const backlog = settings?.get('repl-backlog-ttl')
  const findings = [needed === undefined || Number(needed) > 0
    ? ok(`${name}: has ${replicas} replica${replicas === 1 ? '' : 's'}`)
    : warn(`${name}: takes writes while no replica has them`, 'set min-replicas-to-write 1: a primary that was cut off would grant claims that a failover loses')]
  if (backlog !== undefined && backlog !== '0') findings.push(warn(`${name}: repl-backlog-ttl is ${backlog}`, 'set repl-backlog-ttl 0: else its history ends when replicas are away for long'))
  return findings
}
