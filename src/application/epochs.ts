import { PerchError } from '../domain/errors.ts'
import { shardOf, SHARDS } from '../domain/ids.ts'
import type { Ledger, Store } from './ports.ts'

/**
 * The newest epoch of each shard that this node has heard of, from answers, messages and what it did itself. Where the network is split a primary that was replaced goes on
 * answering from what it had; whoever knows that it is over must not tell anybody "taken" or "unknown" on its word.
 */
export class Epochs {
  readonly #newest = new Array<number>(SHARDS).fill(0)

  /** 0: none yet. */
  newest (shard: number): number {
    return this.#newest[shard] ?? 0
  }

  /** The store, but for answers of an epoch that is over: reads throw RECOVERING, and a commit that was not done there is `stale`. What was done stays done: recovery may have drained it. */
  newestOnly (store: Store): Store {
    const current = <A extends { epoch: number }>(shard: number) => (answer: A): A => {
      if (answer.epoch < this.newest(shard)) throw new PerchError('RECOVERING', {}, new Error(`an answer of epoch ${answer.epoch} after one of epoch ${this.newest(shard)}`))
      this.#saw(shard, answer.epoch)
      return answer
    }
    return {
      ...store,
      read: async (org, ...asked) => await store.read(org, ...asked).then(current(shardOf(org))),
      due: async (shard, limit) => await store.due(shard, limit).then(current(shard)),
      serve: async (shard, ...asked) => await store.serve(shard, ...asked).then(current(shard)),
      commit: async commit => {
        const shard = shardOf(commit.org)
        if (commit.epoch < this.newest(shard)) return { state: 'stale' }
        const answer = await store.commit(commit)
        if (answer.state !== 'ok' && commit.epoch < this.newest(shard)) return { state: 'stale' }
        if (answer.state === 'ok' || answer.state === 'conflict') this.#saw(shard, commit.epoch)
        return answer
      },
      subscribe: async (shard, topic, listener) => await store.subscribe(shard, topic, message => {
        this.#saw(shard, message.epoch)
        listener(message)
      }),
      announce: async (shard, topic, epoch, body) => {
        this.#saw(shard, epoch)
        await store.announce(shard, topic, epoch, body)
      },
      thaw: async freeze => {
        await store.thaw(freeze)
        this.#saw(freeze.shard, freeze.epoch)
      }
    }
  }

  /** The ledger, but that a recovery goes beyond every epoch heard of: one that was restored from a backup may know lower ones only, and nobody would believe those. */
  raisedBeyond (ledger: Ledger): Ledger {
    return { ...ledger, raiseEpoch: async (shard, atLeast) => await ledger.raiseEpoch(shard, Math.max(atLeast, this.newest(shard))) }
  }

  #saw (shard: number, epoch: number): void {
    if (epoch > this.newest(shard)) this.#newest[shard] = epoch
  }
}
