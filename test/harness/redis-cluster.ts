import type { Cleanup } from './cleanup.ts'
import { freePort } from './ports.ts'
import { command, startRedis } from './redis.ts'
import type { RedisOptions, RedisServer } from './redis.ts'
import { until } from './wait.ts'

export interface RedisCluster {
  /** Three masters with a third of the slots each, in the order of the slots; then the replica of each, where there are any. */
  nodes: RedisServer[]
  urls: string[]
  stop (): Promise<void>
}

export interface ClusterOptions extends Pick<RedisOptions, 'args' | 'appendonly'> {
  /** Each master has one, which takes its place when it is gone. */
  replicas?: boolean
  /** Where a server that will listen on this port is reached by replicas and clients: a link of the test's own. Its own port by default; the servers' own bus knows no links. */
  through?: (port: number) => Promise<number>
  /** Further options of the servers, in their order. */
  each?: readonly RedisOptions[]
}

const size = 3
const slots = 16_384

/** A private Redis Cluster of three masters, in which each node knows of the others and of all slots. */
export async function startRedisCluster (t: Cleanup, options: ClusterOptions = {}): Promise<RedisCluster> {
  const { replicas = false, through = async port => port, each = [], args = [], ...kept } = options
  const busPorts = await Promise.all(Array.from({ length: replicas ? 2 * size : size }, freePort))
  const nodes = await Promise.all(busPorts.map(async (busPort, index) => {
    const port = each[index]?.port ?? await freePort()
    // A short node time-out, since a test that kills a node waits for the others to notice.
    const words = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort), '--cluster-node-timeout', '2000', '--repl-diskless-sync-delay', '0']
    const reached = ['--cluster-announce-port', String(await through(port)), '--cluster-allow-replica-migration', 'no']
    return await startRedis(t, { ...kept, ...each[index], port, args: [...words, ...reached, ...args, ...each[index]?.args ?? []] })
  }))
  await introduce(nodes, busPorts)
  await Promise.all(nodes.map(node => until(async () => {
    const state = await command(node.port, client => client.call('CLUSTER', 'INFO'))
    return /cluster_state:ok/.test(String(state)) && await command(node.port, sees) === size
  }, { what: `cluster node on port ${node.port} knows of all slots` })))
  await Promise.all(nodes.slice(size).map(async (node, index) => await follow(node, nodes[index] as RedisServer)))
  return {
    nodes,
    urls: nodes.map(node => node.url),
    stop: async () => { await Promise.all(nodes.map(node => node.stop())) }
  }
}

/** Until it is a replica of that master, and has caught up. */
async function follow (node: RedisServer, master: RedisServer): Promise<void> {
  const id = String(await command(master.port, client => client.call('CLUSTER', 'MYID')))
  await until(async () => await command(node.port, client => client.call('CLUSTER', 'REPLICATE', id)), { what: `the node on port ${node.port} may follow its master` })
  await until(async () => (await command(node.port, client => client.info('replication'))).includes('master_link_status:up'), { what: `the replica on port ${node.port} has caught up`, everyMs: 20 })
}

/** By hand in place of `redis-cli --cluster create`, which waits in whole seconds. */
async function introduce (nodes: RedisServer[], busPorts: number[]): Promise<void> {
  await Promise.all(nodes.slice(0, size).map((node, index) => command(node.port, async client => {
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
