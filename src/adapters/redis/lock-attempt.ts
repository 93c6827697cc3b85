import Redlock from 'redlock'
import type { Lock, Scripts } from 'redlock'
import { Ballot } from './ballot.ts'
import type { Standing } from './ballot.ts'
import type { LockNode } from './lock-node.ts'
import { Voter } from './voter.ts'

/** How long lock nodes are waited for. */
const deadlineMs = 40

/** A refusal is final; who wants the names asks again. */
const settings = { retryCount: 0 }

/** Why names go unguarded. `silent`: no quorum of lock nodes answered in time. `expired`: a quorum granted, but so late that the lock had run out. */
export type Unguarded = 'silent' | 'expired'

export type Outcome =
  | { state: 'held', release (): void }
  | { state: 'busy' }
  | { state: 'unguarded', reason: Unguarded }

/**
 * One try of redlock to take all keys. Whoever decides first settles it: redlock by a lock, the ballot by what can no longer become one, or the deadline. A lock that comes
 * after that is released. Each try has a redlock of its own (3 µs), for that is how votes are told apart.
 *
 * @param keys at least one, each once
 * @param ttlMs a whole number
 */
export function tryLock (nodes: readonly LockNode[], keys: string[], ttlMs: number): Promise<Outcome> {
  return new Promise(resolve => {
    const startedAt = performance.now()
    const ballot = new Ballot(nodes.length)
    let settled = false

    function settle (outcome: Outcome): void {
      if (settled) return
      settled = true
      clearTimeout(deadline)
      resolve(outcome)
    }

    function judge (standing: Standing): void {
      if (standing === 'refused') settle({ state: 'busy' })
      // Never within the same turn: who asks again and again would keep this process from reading the answer that ends the silence.
      if (standing === 'unanswered') setImmediate(settle, { state: 'unguarded', reason: 'silent' })
    }

    const voters = nodes.map((node, index) => new Voter(node, (): Scripts => redlock.scripts, vote => {
      ballot.cast(index, vote)
      judge(ballot.standing())
    }))
    const redlock = new Redlock(voters, settings)
    // The immediate lets the sockets be read once more: after a pause of this process the answers may lie there, and its timers come first.
    const deadline = setTimeout(() => setImmediate(() => judge(ballot.close())), deadlineMs)

    redlock.acquire(keys, ttlMs).then(lock => {
      if (!settled && validMs(startedAt, ttlMs) > 0) return settle({ state: 'held', release: once(() => letGo(lock)) })
      settle({ state: 'unguarded', reason: 'expired' })
      letGo(lock)
    }, () => {
      // Refused, or failed: the ballot has judged the same votes, and redlock has released what a minority granted.
    })
  })
}

/** What is left of a lock: 1 % of its ttl is allowed for clocks that run at different speeds, 2 ms for Redis's rounding. Redlock itself hands out locks that have run out. */
function validMs (startedAt: number, ttlMs: number): number {
  return ttlMs - Math.round(ttlMs * 0.01) - 2 - (performance.now() - startedAt)
}

/** Not awaited: a node that hangs would hold up a claim that is already committed. */
function letGo (lock: Lock): void {
  lock.release().catch(() => {
    // A lock that had run out, or nodes that are away: either way it is gone after its ttl, and a failing node has been counted where it failed.
  })
}

function once (act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
