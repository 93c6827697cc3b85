import type { Cleanup } from './cleanup.ts'
import { freePort } from './ports.ts'
import { command, startRedis } from './redis.ts'
import type { RedisOptions, RedisServer } from './redis.ts'
import { until } from './wait.ts'

export interface RedisCluster {
  /** Three masters with a third of the slots each, in the order of the slots. */
  nodes: RedisServer[]
  urls: string[]
  stop (): Promise<void>
}

const size = 3
const slots = 16_384

/** A private Redis Cluster of three masters without replicas, in which each node knows of the others and of all slots. */
export async function startRedisCluster (t: Cleanup, options: Pick<RedisOptions, 'args' | 'appendonly'> = {}): Promise<RedisCluster> {
  const busPorts = await Promise.all(Array.from({ length: size }, freePort))
  const nodes = await Promise.all(busPorts.map(busPort => startRedis(t, {
    ...options,
    // A short node time-out, since a test that kills a node waits for the others to notice.
    args: ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '2000', ...options.args ?? []]
  })))
  await introduce(nodes, busPorts)
  await Promise.all(nodes.map(node => until(async () => {
    const state = await command(node.port, client => client.call('CLUSTER', 'INFO'))
    return /cluster_state:ok/.test(String(state)) && await command(node.port, sees) === size
  }, { what: `cluster node on port ${node.port} knows of all slots` })))
  return {
    nodes,
    urls: nodes.map(node => node.url),
    stop: async () => { await Promise.all(nodes.map(node => node.stop())) }
  }
}

/** By hand in place of `redis-cli --cluster create`, which waits in whole seconds. */
async function introduce (nodes: RedisServer[], busPorts: number[]): Promise<void> {
  await Promise.all(nodes.map((node, index) => command(node.port, async client => {
    const [from, to] = [index, index + 1].map(part => Math.floor(slots * part / size))
    // Epochs of their own, or the nodes settle by and by whose claim to the slots counts.
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? slots) - 1))
  })))
  // Everyone meets everyone: gossip would get there too, a second later.
  await Promise.all(nodes.map(node => command(node.port, async client => {
    for (const [index, other] of nodes.entries()) {
      if (other !== node) await client.call('CLUSTER', 'MEET', '127.0.0.1', String(other.port), String(busPorts[index]))
    }
  })))
}

/** How many masters this node would send a client to. */
async function sees (client: { call (command: string, ...args: string[]): Promise<unknown> }): Promise<number> {
  const ranges = await client.call('CLUSTER', 'SLOTS')
  return Array.isArray(ranges) ? ranges.length : 0
}
