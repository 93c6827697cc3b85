/** What one lock node said to one hold: it locked the names, it has a rival's lock on one of them, or it gave no answer. */
export type Vote = 'granted' | 'refused' | 'no answer'

/** Where a hold stands. open -> granted, open -> refused, open -> unanswered. */
export type Standing = 'open' | 'granted' | 'refused' | 'unanswered'

/**
 * Counts the votes of one hold. Redlock counts a node that failed like one that refused, so its error cannot tell a rival from an outage, and the votes it
 * hands out with the error are complete only when the slowest node has voted.
 */
export class Ballot {
  readonly #votes: (Vote | undefined)[]
  readonly #quorum: number

  constructor (nodes: number) {
    this.#votes = new Array<undefined>(nodes).fill(undefined)
    this.#quorum = Math.floor(nodes / 2) + 1
  }

  /** A node's first vote counts. */
  cast (node: number, vote: Vote): void {
    this.#votes[node] ??= vote
  }

  /** `open` while votes that are still out can change it. */
  standing (): Standing {
    const granted = this.#count('granted')
    const answers = granted + this.#count('refused')
    const out = this.#count(undefined)
    if (granted >= this.#quorum) return 'granted'
    if (answers >= this.#quorum && granted + out < this.#quorum) return 'refused'
    if (answers + out < this.#quorum) return 'unanswered'
    return 'open'
  }

  /** No vote that is still out will be waited for. */
  close (): Standing {
    this.#votes.forEach((_, node) => this.cast(node, 'no answer'))
    return this.standing()
  }

  #count (vote: Vote | undefined): number {
    return this.#votes.filter(cast => cast === vote).length
  }
}
