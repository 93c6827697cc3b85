/**
 * The part of redlock 5.0.0-beta.2 that Perch uses. The package's own types cannot be seen with nodenext, and they ask for clients of ioredis 4;
 * all it calls on a client is `evalsha`, and `eval` when that fails with NOSCRIPT, which Perch's clients see to themselves.
 */
declare module 'redlock' {
  export interface RedlockClient {
    /** @param args the keys, then the script's arguments */
    evalsha (hash: string, keys: number, args: readonly (string | number)[]): Promise<unknown>
  }

  export interface Script {
    readonly value: string
    readonly hash: string
  }

  export interface Scripts {
    readonly acquireScript: Script
    readonly releaseScript: Script
  }

  export interface Lock {
    /** Rejects when fewer than a quorum of the nodes still had the lock. */
    release (): Promise<unknown>
  }

  export default class Redlock {
    /** With `retryCount` 0 a refusal is final. Without it every call, `release` too, is tried for 2 s. */
    constructor (clients: Iterable<RedlockClient>, settings: { retryCount: number })
    readonly scripts: Scripts
    /**
     * Resolves when a quorum granted, however late. Rejects when a quorum refused or failed, after what it was granted is released again.
     * @param durationMs a whole number
     */
    acquire (keys: string[], durationMs: number): Promise<Lock>
  }
}
