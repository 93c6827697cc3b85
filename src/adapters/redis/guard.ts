import { createHmac } from 'node:crypto'
import type { Guard, Held } from '../../application/ports.ts'
import { tryLock } from './lock-attempt.ts'
import type { Outcome, Unguarded } from './lock-attempt.ts'
import { LockNode } from './lock-node.ts'
import type { NodeFailed } from './lock-node.ts'

/** An outage alarms when it begins and then once in this time: at thousands of holds a second more would bury the log. */
const alarmEveryMs = 1_000

export interface RedisGuardOptions {
  /** 1, 3 or 5 servers that share nothing with each other; redis:// or rediss://. */
  urls: readonly string[]
  /** Names are keyed by it (HMAC-SHA256), so that a lock node's memory and its monitor show no person's id. The same on every Perch node. */
  secret: string
  /** Raised when holds begin to go unguarded, and at most once a second while they do. Like the other two it must not throw. */
  alarm (reason: Unguarded): void
  /** Every answer, with the milliseconds it took: for metrics. */
  answered? (state: Held['state'], tookMs: number): void
  /** Every failed command and connection: for metrics; in an outage as often as claims come. */
  nodeFailed? (address: string, error: Error): void
}

export interface RedisGuard extends Guard {
  /** How many lock nodes have been reached: when all are, or after `withinMs`. Nobody has to wait: until a quorum is, holds go unguarded. */
  reached (withinMs: number): Promise<number>
}

/**
 * Redlock over independent lock nodes.
 *
 * @throws RangeError when there are not 1, 3 or 5 different urls: of an even number half may grant and half refuse, and redlock then never answers
 */
export function redisGuard (options: RedisGuardOptions): RedisGuard {
  const { urls, secret, alarm, answered, nodeFailed } = options
  requireOdd(urls)
  const failed: NodeFailed = (address, error) => nodeFailed?.(address, error)
  const nodes = urls.map(url => new LockNode(url, failed))
  const raise = atMostEvery(alarmEveryMs, alarm)

  async function take (names: readonly string[], ttlMs: number): Promise<Outcome> {
    const keys = [...new Set(names)].map(name => lockKey(name, secret))
    return keys.length === 0 ? { state: 'held', release () {} } : await tryLock(nodes, keys, Math.ceil(ttlMs))
  }

  return {
    async hold (names, ttlMs) {
      const startedAt = performance.now()
      const outcome = await take(names, ttlMs)
      if (outcome.state === 'unguarded') raise(outcome.reason)
      answered?.(outcome.state, performance.now() - startedAt)
      return outcome
    },
    reached: withinMs => countReached(nodes, withinMs),
    async close () {
      await Promise.all(nodes.map(node => node.close()))
    }
  }
}

function requireOdd (urls: readonly string[]): void {
  const different = new Set(urls).size
  if (different !== urls.length || ![1, 3, 5].includes(different)) throw new RangeError('a guard needs 1, 3 or 5 different lock nodes')
}

/** 43 characters that say nothing of the name to who has not the secret. */
function lockKey (name: string, secret: string): string {
  return `perch:lock:${createHmac('sha256', secret).update(name).digest('base64url')}`
}

function countReached (nodes: readonly LockNode[], withinMs: number): Promise<number> {
  return new Promise(resolve => {
    let reached = 0
    const timer = setTimeout(() => resolve(reached), withinMs)
    for (const node of nodes) {
      node.reached().then(() => {
        if (++reached < nodes.length) return
        clearTimeout(timer)
        resolve(reached)
      })
    }
  })
}

function atMostEvery<T> (periodMs: number, tell: (value: T) => void): (value: T) => void {
  let nextAt = -Infinity
  return value => {
    const now = performance.now()
    if (now < nextAt) return
    nextAt = now + periodMs
    tell(value)
  }
}
