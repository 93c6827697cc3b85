import { shardKeys } from '../../src/adapters/redis/shard-keys.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { SHARD } from '../harness/core.ts'
import { freePort } from '../harness/ports.ts'
import { startRedisCluster } from '../harness/redis-cluster.ts'
import { command } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import type { FaultyRedis } from './faulty-redis.ts'
import type { Link } from './link.ts'
import { durable, linksTo, SETTLED_WITHIN_MS, type LiveStore, type StoreOptions } from './live-store.ts'

/** Replicas and nodes reach a server by one link; what the servers tell each other goes beside it. */
export async function openCluster (t: Cleanup, { preload, fsync }: StoreOptions): Promise<LiveStore> {
  const links = new Map<number, Link>()
  const each = await Promise.all(Array.from({ length: 6 }, async () => {
    const inside = await preload?.openInside(t) ?? null
    return { inside, options: { ...durable(fsync, inside), port: await freePort() } }
  }))
  const cluster = await startRedisCluster(t, {
    replicas: true,
    each: each.map(({ options }) => options),
    args: ['--repl-backlog-ttl', '0'],
    through: async port => {
      const [link] = await linksTo(t, port, 1) as [Link]
      links.set(port, link)
      return link.port
    }
  })
  const servers = cluster.nodes.map((redis, i): FaultyRedis => ({ redis, inside: each[i]?.inside ?? null, links: [links.get(redis.port) as Link] }))
  const slot = Number(await command(cluster.nodes[0]?.port ?? 0, async client => await client.call('CLUSTER', 'KEYSLOT', shardKeys()[SHARD]?.epoch ?? '')))
  return {
    urlFor: () => `redis+cluster://${[...links.values()].map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    primary: async () => await masterOf(servers, slot),
    async failOver () {
      const master = await masterOf(servers, slot)
      const id = String(await command(master.redis.port, async client => await client.call('CLUSTER', 'MYID')))
      for (const { redis } of servers) {
        if (redis !== master.redis && (await nodesBy(redis.port)).some(line => line.includes('myself') && line.includes(id))) await command(redis.port, async client => await client.call('CLUSTER', 'FAILOVER'))
      }
    },
    settled: async () => {
      await until(async () => {
        const roles = await Promise.all(servers.map(async ({ redis }) => await command(redis.port, async client => `${await client.info('replication')} ${String(await client.call('CLUSTER', 'INFO'))}`)))
        return roles.filter(text => text.includes('role:master')).length === 3 && roles.every(text => text.includes('cluster_state:ok') && (text.includes('role:master') || text.includes('master_link_status:up')))
      }, { what: 'three masters have a replica each', withinMs: SETTLED_WITHIN_MS, everyMs: 50 })
    }
  }
}

/** The server with the shard of the organisation that is worked with; of two that take themselves for it, the newer one. */
async function masterOf (servers: readonly FaultyRedis[], slot: number): Promise<FaultyRedis> {
  const found = await Promise.all(servers.filter(({ redis }) => redis.running).map(async server => ({ server, line: (await nodesBy(server.redis.port)).find(line => line.includes('myself')) ?? '' })))
  const masters = found.filter(({ line }) => line.includes('master') && rangesIn(line).some(([from, to]) => from <= slot && slot <= to))
  const [newest] = masters.sort((a, b) => epochIn(b.line) - epochIn(a.line))
  if (newest === undefined) throw new Error('no server has the shard')
  return newest.server
}

/** Lines of CLUSTER NODES: id, address, flags, master, ping, pong, epoch, link, slots. */
async function nodesBy (port: number): Promise<string[]> {
  return String(await command(port, async client => await client.call('CLUSTER', 'NODES'))).split('\n')
}

function rangesIn (line: string): Array<[number, number]> {
  return line.split(' ').slice(8).map(range => range.split('-').map(Number)).map(([from = -1, to = from]) => [from, to])
}

function epochIn (line: string): number {
  return Number(line.split(' ')[6])
}
