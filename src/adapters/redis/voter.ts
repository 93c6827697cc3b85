import type { RedlockClient, Scripts } from 'redlock'
import type { Vote } from './ballot.ts'
import type { LockNode } from './lock-node.ts'

/** unasked -> taking -> voted. */
type Stage =
  | { stage: 'unasked' }
  | { stage: 'taking', vote: Promise<unknown> }
  | { stage: 'voted' }

/** What redlock calls in place of a lock node during one try: passes its scripts on and tells how the node voted on the names. */
export class Voter implements RedlockClient {
  readonly #node: LockNode
  readonly #scripts: () => Scripts
  readonly #vote: (vote: Vote) => void
  #at: Stage = { stage: 'unasked' }

  constructor (node: LockNode, scripts: () => Scripts, vote: (vote: Vote) => void) {
    this.#node = node
    this.#scripts = scripts
    this.#vote = vote
  }

  async evalsha (hash: string, keys: number, args: readonly (string | number)[]): Promise<unknown> {
    if (hash !== this.#scripts().acquireScript.hash) return await this.#giveBack(keys, args)
    if (!this.#node.takesMore) {
      this.#vote('no answer')
      throw new Error('lock node owes an answer')
    }
    const vote = this.#take(keys, args)
    this.#at = { stage: 'taking', vote }
    return await vote
  }

  async #take (keys: number, args: readonly (string | number)[]): Promise<unknown> {
    try {
      const taken = await this.#node.run(this.#scripts().acquireScript, keys, args)
      this.#vote(taken === keys ? 'granted' : 'refused')
      return taken
    } catch (error) {
      this.#vote('no answer')
      throw error
    } finally {
      this.#at = { stage: 'voted' }
    }
  }

  /** After the taking, never beside it: a node that knows one script and not the other would see the two in the wrong order, and keep the lock. */
  async #giveBack (keys: number, args: readonly (string | number)[]): Promise<unknown> {
    switch (this.#at.stage) {
      case 'unasked':
        return 0 // nothing was put there
      case 'taking':
        await this.#at.vote.catch(() => {}) // the vote has been told
    }
    // Otherwise within the same turn: who releases and asks again must not meet their own lock.
    return await this.#node.run(this.#scripts().releaseScript, keys, args)
  }
}
