import type { Store } from '../../application/ports.ts'
import { assertSound } from '../../application/sound-commit.ts'
import { PerchError } from '../../domain/errors.ts'
import { shardOf } from '../../domain/ids.ts'
import { BREAK_MS, type Presence } from '../../domain/served.ts'
import { CommitCalls } from './commit-calls.ts'
import { connect } from './connection.ts'
import type { Client, Log } from './connection.ts'
import { Door } from './door.ts'
import type { OnCall } from './door.ts'
import { drainOutbox, hasGap, outboxLength, readOutbox, trimOutbox } from './outbox.ts'
import { readRequest, snapshotOf } from './read.ts'
import { clear, freeze, load, peek, positions, scan, shardState, thaw } from './recovery.ts'
import { list, number, text } from './reply.ts'
import { rewriteFiles } from './rewrite-files.ts'
import { KEEPERS, shardKeys } from './shard-keys.ts'
import type { ShardKeys } from './shard-keys.ts'
import { Subscriptions } from './subscriptions.ts'
import { parseRedisUrl } from './url.ts'

export interface RedisStoreOptions {
  /** See parseRedisUrl. */
  url: string
  /** Entries one shard's outbox may hold. Default 100,000. */
  outboxLimit?: number
  /** The part of them that is kept for releases and deadlines. Default 10,000. */
  outboxReserve?: number
  /** After that a call is given up. Default 2,000. */
  commandTimeoutMs?: number
  log?: Log
  onCall?: OnCall
}

const silent: Log = { info () {}, warn () {} }

/** The store on one Redis server, Sentinel or Cluster, 7.0 or newer. Connects in the background; until then, or for `commandTimeoutMs`, the first calls wait. */
export function redisStore (options: RedisStoreOptions): Store {
  const { outboxLimit = 100_000, outboxReserve = 10_000, commandTimeoutMs = 2_000, log = silent } = options
  const target = parseRedisUrl(options.url)
  const door = new Door(connect(target, commandTimeoutMs, log), commandTimeoutMs, options.onCall)
  const commits = new CommitCalls(door)
  const subscriptions = new Subscriptions(target, commandTimeoutMs, log)
  const shards = shardKeys()

  function keysOf (shard: number): ShardKeys {
    const keys = shards[shard]
    if (keys === undefined) throw new PerchError('INTERNAL', {}, new RangeError(`there is no shard ${shard}`))
    return keys
  }

  return {
    async read (org, keys, floors = []) {
      const request = readRequest(keysOf(shardOf(org)), org, keys, floors)
      return snapshotOf(await door.run('read', request.args), request)
    },
    async commit (commit) {
      const room = outboxLimit - (commit.reserve ? 0 : outboxReserve)
      assertSound(commit)
      return await commits.run(keysOf(shardOf(commit.org)), commit, room)
    },
    async subscribe (shard, topic, listener) {
      return await subscriptions.subscribe(keysOf(shard).channel(topic), listener)
    },
    async announce (shard, topic, epoch, body) {
      await door.ask('announce', client => client.spublish(keysOf(shard).channel(topic), `${epoch}:0:${body}`))
    },
    async due (shard, limit) {
      const { epoch, meta, due } = keysOf(shard)
      return dueOf(await door.run('due', [epoch, meta, due, String(limit)]), limit)
    },
    async dueAt (shard, at, limit) {
      return await door.ask('due-at', client => client.zrange(keysOf(shard).due, String(at), String(at), 'BYSCORE', 'LIMIT', 0, limit))
    },
    async serve (shard, said, asked) {
      const { epoch, meta, served } = keysOf(shard)
      return presencesOf(await door.run('serve', [epoch, meta, served, String(BREAK_MS), String(said.length), ...said, ...asked]), [...said, ...asked])
    },
    async now (shard) {
      return number(await door.run('now', [keysOf(shard).meta]))
    },

    outbox: (shard, epoch, after, limit) => readOutbox(door, keysOf(shard), epoch, after, limit),
    gap: (shard, epoch, after) => hasGap(door, keysOf(shard), epoch, after),
    trimOutbox: (shard, stream, upTo) => trimOutbox(door, keysOf(shard).outbox(stream), upTo),
    outboxLength: (shard, stream) => outboxLength(door, keysOf(shard).outbox(stream)),

    async lease (shard, holder, ttlMs) {
      return await door.run('lease', [keysOf(shard).lease, holder, String(ttlMs)]) === 1
    },
    async endLease (shard, holder) {
      await door.run('end-lease', [keysOf(shard).lease, holder])
    },
    async heartbeat (keeper, ttlMs) {
      return list(await door.run('heartbeat', [KEEPERS, keeper, String(ttlMs)])).map(text).sort()
    },
    async leave (keeper) {
      await door.ask('leave', client => client.zrem(KEEPERS, keeper))
    },

    state: shard => shardState(door, keysOf(shard)),
    freeze: (shard, epoch, keeper) => freeze(door, keysOf(shard), { shard, epoch, keeper }),
    drain: (freeze, stream, after, limit) => drainOutbox(door, keysOf(freeze.shard), freeze, stream, after, limit),
    scan: (freeze, type, after, limit) => scan(door, keysOf(freeze.shard), freeze, type, after, limit),
    peek: (freeze, org, ids) => peek(door, keysOf(freeze.shard), freeze, org, ids),
    positions: freeze => positions(door, keysOf(freeze.shard), freeze),
    clear: freeze => clear(door, keysOf(freeze.shard), freeze),
    load: (freeze, part) => load(door, keysOf(freeze.shard), freeze, part),
    thaw: freeze => thaw(door, keysOf(freeze.shard), freeze),

    rewriteFiles: () => rewriteFiles(door),

    async ping () {
      await door.ask('ping', client => Promise.all(nodesOf(client).map(node => node.ping())))
    },
    async close () {
      subscriptions.close()
      // Lets replies that are under way arrive; a server that is gone has none.
      await door.client.quit().catch(() => {})
      door.client.disconnect()
    }
  }
}

/** Reads the reply of due.lua: one deadline more than asked for, which is the next one. @throws RECOVERING when the shard is not live on that server */
function dueOf (reply: unknown, limit: number): Awaited<ReturnType<Store['due']>> {
  const [epoch, clock, ...pairs] = list(reply)
  if (epoch === undefined) throw new PerchError('RECOVERING')
  const now = number(clock)
  const names: Array<{ name: string, at: number }> = []
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const at = number(pairs[i + 1] === 'inf' ? Infinity : pairs[i + 1])
    if (at > now || names.length === limit) return { epoch: number(epoch), now, names, next: at === Infinity ? null : at }
    names.push({ name: text(pairs[i]), at })
  }
  return { epoch: number(epoch), now, names, next: null }
}

/** Reads the reply of serve.lua. @throws RECOVERING as above */
function presencesOf (reply: unknown, names: readonly string[]): Awaited<ReturnType<Store['serve']>> {
  const [epoch, now, ...moments] = list(reply)
  if (epoch === undefined) throw new PerchError('RECOVERING')
  const presenceOf = (i: number): Presence => ({ goneAt: number(moments[i]), backAt: number(moments[i + 1]), lastAt: number(moments[i + 2]) })
  return { epoch: number(epoch), now: number(now), presences: new Map(names.map((name, i) => [name, presenceOf(3 * i)])) }
}

function nodesOf (client: Client): Array<{ ping (): Promise<unknown> }> {
  return client.isCluster && 'nodes' in client ? client.nodes('master') : [client]
}
