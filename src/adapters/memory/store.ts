import type { Commit, Store, Topic } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import { SHARDS, shardOf } from '../../domain/ids.ts'
import { claimKey } from '../../domain/keys.ts'
import type { Millis } from '../../domain/time.ts'
import { Leases } from './leases.ts'
import { numberOf, Shard } from './shard.ts'
import { Topics } from './topics.ts'

export interface MemoryStoreOptions {
  now (): Millis
  /** Entries one shard's outbox may hold. */
  outboxLimit: number
  /** The part of them that is kept for releases and deadlines. */
  outboxReserve: number
  /** Runs what delivers messages, after the call that sent them; `setImmediate`, or a simulation's own. */
  soon? (run: () => void): void
}

/** The whole live state in this process: gone with it, and rebuilt from the ledger. */
export function memoryStore ({ now, outboxLimit, outboxReserve, soon = setImmediate }: MemoryStoreOptions): Store {
  const shards = Array.from({ length: SHARDS }, () => new Shard())
  const topics = new Topics(soon)
  const leases = new Leases()
  const keepers = new Leases()

  function at (shard: number): Shard {
    const found = shards[shard]
    if (found === undefined) throw new PerchError('INTERNAL', {}, new RangeError(`there is no shard ${shard}`))
    return found
  }

  return {
    async read (org, keys, floors = []) {
      const shard = at(shardOf(org))
      return {
        epoch: shard.liveEpoch(),
        now: Math.max(now(), shard.at),
        records: new Map(keys.map(key => [key, shard.stored(org, key)])),
        seqs: new Map(floors.map(floor => [floor, shard.seq(org, floor)]))
      }
    },
    async commit (commit) {
      const number = shardOf(commit.org)
      const shard = at(number)
      const [before, idle] = [shard.due.first?.at ?? Infinity, shard.outbox?.entries.length === 0]
      const committed = shard.commit(commit, now(), outboxLimit - (commit.reserve ? 0 : outboxReserve))
      if (committed.state !== 'ok') return committed
      for (const { topic, body, seq } of told(commit, committed, { before, idle })) topics.publish(number, topic, { epoch: commit.epoch, seq, body })
      return committed
    },
    async subscribe (shard, topic, listener) {
      return topics.subscribe(shard, topic, listener)
    },
    async announce (shard, topic, epoch, body) {
      topics.publish(shard, topic, { epoch, seq: 0, body })
    },
    async due (shard, limit) {
      const { due, at: last } = at(shard)
      const epoch = at(shard).liveEpoch()
      const clock = Math.max(now(), last)
      return { epoch, now: clock, ...due.until(clock, limit) }
    },
    async dueAt (shard, moment, limit) {
      return at(shard).due.at(moment, limit)
    },
    async serve (shard, said, asked) {
      const { presences, at: last } = at(shard)
      const [epoch, clock] = [at(shard).liveEpoch(), Math.max(now(), last)]
      const told = [...said.map(name => [name, presences.say(name, epoch, clock)] as const), ...asked.map(name => [name, presences.tell(name, epoch, clock)] as const)]
      return { epoch, now: clock, presences: new Map(told) }
    },
    async now (shard) {
      return Math.max(now(), at(shard).at)
    },

    async outbox (shard, epoch, after, limit) {
      at(shard).liveOutbox(epoch)
      return at(shard).entries(epoch, after, limit)
    },
    async gap (shard, epoch, after) {
      const { last } = at(shard).liveOutbox(epoch)
      return last > after && at(shard).entries(epoch, after, 1).length === 0
    },
    async trimOutbox (shard, stream, upTo) {
      const { outbox } = at(shard)
      if (outbox?.stream === stream) outbox.entries = outbox.entries.filter(({ n }) => n > upTo)
    },
    async outboxLength (shard, stream) {
      const { outbox } = at(shard)
      return outbox?.stream === stream ? outbox.entries.length : 0
    },

    async lease (shard, holder, ttlMs) {
      return leases.take(String(shard), holder, now(), ttlMs)
    },
    async endLease (shard, holder) {
      leases.end(String(shard), holder)
    },
    async heartbeat (keeper, ttlMs) {
      keepers.take(keeper, keeper, now(), ttlMs)
      return keepers.names(now())
    },
    async leave (keeper) {
      keepers.end(keeper, keeper)
    },

    async state (shard) {
      const { life } = at(shard)
      return life.state === 'missing' ? life : { state: life.state, epoch: life.epoch }
    },
    async freeze (shard, epoch, keeper) {
      const { life } = at(shard)
      if (life.state !== 'missing' && life.epoch >= epoch) return { frozen: false }
      const was = life.state === 'missing' ? null : life.state === 'live' ? life.epoch : life.was
      at(shard).life = { state: 'frozen', epoch, keeper, was }
      return { frozen: true, freeze: { shard, epoch, keeper }, was }
    },
    async drain (freeze, stream, after, limit) {
      const shard = at(freeze.shard)
      shard.assertFrozen(freeze)
      return shard.entries(stream, after, limit)
    },
    async positions (freeze) {
      const shard = at(freeze.shard)
      shard.assertFrozen(freeze)
      return { n: shard.n, seqs: new Map(shard.seqs) }
    },
    async scan (freeze, type, after, limit) {
      const shard = at(freeze.shard)
      shard.assertFrozen(freeze)
      return shard.some(type, Number(after ?? 0), limit)
    },
    async peek (freeze, org, claims) {
      const shard = at(freeze.shard)
      shard.assertFrozen(freeze)
      return new Map(claims.map(id => [id, shard.stored(org, claimKey(id))]))
    },
    async clear (freeze) {
      const shard = at(freeze.shard)
      shard.assertFrozen(freeze)
      shard.clear()
    },
    async load (freeze, { records, due, seqs, n }) {
      const shard = at(freeze.shard)
      shard.assertFrozen(freeze)
      for (const { org, key, stored } of records) shard.put(org, key, stored)
      for (const { name, at } of due) shard.due.set(name, at)
      for (const [floor, seq] of seqs) shard.seqs.set(floor, seq)
      shard.n = n
    },
    async thaw (freeze) {
      const shard = at(freeze.shard)
      shard.assertFrozen(freeze)
      shard.outbox = { stream: freeze.epoch, entries: [], last: 0 }
      shard.life = { state: 'live', epoch: freeze.epoch }
    },

    async rewriteFiles () {
      return { state: 'none' }
    },
    async ping () {},
    async close () {
      topics.close()
    }
  }
}

/** A commit's messages in order, then what wakes the keeper: an outbox that was empty (`idle`), a deadline before all others (`before`). */
function * told (commit: Commit, { n, seqs }: { n: number, seqs: ReadonlyMap<string, number> }, was: { before: Millis, idle: boolean }): Iterable<{ topic: Topic, body: string, seq: number }> {
  for (const { topic, floor, body } of commit.messages) yield { topic, body, seq: numberOf(floor, n, seqs) }
  if (commit.entry !== null && was.idle) yield { topic: 'keeper', body: 'outbox', seq: n }
  if (commit.due.some(({ at }) => at !== null && at < was.before)) yield { topic: 'keeper', body: 'due', seq: n }
}
