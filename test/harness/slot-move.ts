import assert from 'node:assert/strict'
import type { Redis } from 'ioredis'
import { shardKeys } from '../../src/adapters/redis/shard-keys.ts'
import { command } from './redis.ts'
import type { RedisServer } from './redis.ts'

/** The move of a shard from the node of a Cluster that serves it to another, step by step, as `redis-cli --cluster reshard` does it. */
export class SlotMove {
  readonly from: RedisServer
  readonly to: RedisServer
  readonly #nodes: RedisServer[]
  readonly #slot: string
  readonly #ids: Map<RedisServer, string>

  private constructor (nodes: RedisServer[], slot: string, ids: Map<RedisServer, string>, from: RedisServer, to: RedisServer) {
    this.#nodes = nodes
    this.#slot = slot
    this.#ids = ids
    this.from = from
    this.to = to
  }

  static async of (nodes: RedisServer[], shard: number): Promise<SlotMove> {
    const epoch = shardKeys()[shard]?.epoch ?? ''
    const slot = Number(await command(nodes[0]?.port ?? 0, client => client.call('CLUSTER', 'KEYSLOT', epoch)))
    const index = Math.floor(slot * nodes.length / 16_384)
    const [from, to] = [nodes[index], nodes[(index + 1) % nodes.length]]
    assert.ok(from !== undefined && to !== undefined)
    const ids = new Map<RedisServer, string>()
    for (const node of nodes) ids.set(node, String(await command(node.port, client => client.call('CLUSTER', 'MYID'))))
    return new SlotMove(nodes, String(slot), ids, from, to)
  }

  async begin (): Promise<void> {
    await this.#say(this.to, 'SETSLOT', this.#slot, 'IMPORTING', this.#ids.get(this.from) ?? '')
    await this.#say(this.from, 'SETSLOT', this.#slot, 'MIGRATING', this.#ids.get(this.to) ?? '')
  }

  /** So many keys; how many went. */
  async keys (count: number): Promise<number> {
    const keys = await this.#say(this.from, 'GETKEYSINSLOT', this.#slot, String(count))
    assert.ok(Array.isArray(keys))
    if (keys.length === 0) return 0
    await command(this.from.port, client => client.call('MIGRATE', '127.0.0.1', String(this.to.port), '', '0', '5000', 'KEYS', ...keys.map(String)))
    return keys.length
  }

  async end (): Promise<void> {
    for (const node of [this.to, this.from, ...this.#nodes]) await this.#say(node, 'SETSLOT', this.#slot, 'NODE', this.#ids.get(this.to) ?? '')
  }

  async #say (node: RedisServer, ...words: string[]): Promise<unknown> {
    return await command(node.port, (client: Redis) => client.call('CLUSTER', ...words))
  }
}
