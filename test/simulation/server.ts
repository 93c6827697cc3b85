import { memoryStore } from '../../src/adapters/memory/store.ts'
import type { Commit, Committed, Freeze, Listener, Store, Topic } from '../../src/application/ports.ts'
import { PerchError } from '../../src/domain/errors.ts'
import type { Key } from '../../src/domain/keys.ts'
import type { Scheduler } from './scheduler.ts'

/** Small enough that a ledger that is away for some seconds fills it. */
export const OUTBOX = { outboxLimit: 60, outboxReserve: 15 }

/** Hears of everything that changes what the server has. */
export interface StoreWitness {
  committed (commit: Commit, done: Extract<Committed, { state: 'ok' }>, memory: Store): Promise<void>
  trimmed (stream: number, upTo: number): void
  /** Somebody takes entries off the stream that nobody may have read. */
  cut (stream: number): void
  /** About to be made anew: what is in its outbox is dropped. */
  clearing (freeze: Freeze, memory: Store): Promise<void>
  /** About to live in the freeze's epoch: what its outbox still has is dropped. */
  thawing (freeze: Freeze, memory: Store): Promise<void>
  thawed (freeze: Freeze, memory: Store): Promise<void>
}

/** A change that was made, to be made again, and which server's name the epoch key has after it. */
interface Change {
  again (memory: Store): Promise<unknown>
  home: number
}

/**
 * The memory store with what a Redis server has beside it: a replication id that changes with every restart and failover, and a past to which it can be set back. As the
 * scripts do, it works for nobody while the epoch key is of another id.
 */
export class Server {
  readonly store: Store
  /** Every key that a record was ever written under. */
  readonly keys = new Set<Key>()
  readonly #scheduler: Scheduler
  readonly #witness: StoreWitness
  readonly #ignoresReplid: boolean
  readonly #topics = new Map<string, Set<Listener>>()
  #memory: Store
  #changes: Change[] = []
  /** What the machine before this one had seen; null: there was none. */
  #before: Change[] | null = null
  #replid = 1
  /** The id in the epoch key; 0: none. */
  #home = 0
  #skewMs = 0

  /** `ignoresReplid`: a mutation. */
  constructor (scheduler: Scheduler, witness: StoreWitness, ignoresReplid = false) {
    this.#scheduler = scheduler
    this.#witness = witness
    this.#ignoresReplid = ignoresReplid
    this.#memory = this.#fresh()
    this.store = this.#behind()
  }

  /** What it has, whatever state it is in. */
  get memory (): Store {
    return this.#memory
  }

  /** How many changes it has seen: a moment to be set back to. */
  get age (): number {
    return this.#changes.length
  }

  restart (): void {
    this.#replid++
  }

  /** Another machine with another clock takes over, or a backup is restored: everything after its first `age` changes is gone, also all leases. */
  async becomeAsAt (age: number, skewMs: number): Promise<void> {
    await this.#become(this.#changes.slice(0, age), skewMs)
  }

  /** The machine that was replaced last comes back in its successor's place, with all that it had and nothing that came after. */
  async failBack (skewMs: number): Promise<void> {
    await this.#become(this.#before ?? [...this.#changes], skewMs)
  }

  async #become (changes: Change[], skewMs: number): Promise<void> {
    this.#before = this.#changes
    this.#replid++
    this.#skewMs = skewMs
    this.#changes = changes
    this.#home = changes.at(-1)?.home ?? 0
    this.#memory = this.#fresh()
    for (const { again } of changes) await again(this.#memory)
    for (const name of this.#topics.keys()) await this.#listen(name)
  }

  /** Somebody empties the outbox by hand, or a part of it, whoever has read it. */
  async trim (shard: number, share: number): Promise<void> {
    const state = await this.#memory.state(shard)
    if (state.state !== 'live') return
    const waiting = await this.#memory.outbox(shard, state.epoch, 0, OUTBOX.outboxLimit)
    const upTo = waiting[Math.ceil(share * waiting.length) - 1]?.n
    if (upTo === undefined) return
    const again = async (memory: Store) => await memory.trimOutbox(shard, state.epoch, upTo)
    this.#witness.cut(state.epoch)
    await again(this.#memory)
    this.#changed(again)
  }

  #fresh (): Store {
    return memoryStore({ now: () => Math.floor(this.#scheduler.now + this.#skewMs), ...OUTBOX, soon: queueMicrotask })
  }

  #isHome (): boolean {
    return this.#home === this.#replid || this.#ignoresReplid
  }

  #changed (again: Change['again']): void {
    this.#changes.push({ again, home: this.#home })
  }

  async #listen (name: string): Promise<void> {
    const slash = name.indexOf('/')
    await this.#memory.subscribe(Number(name.slice(0, slash)), name.slice(slash + 1) as Topic, message => {
      for (const listener of [...this.#topics.get(name) ?? []]) listener(message)
    })
  }

  #behind (): Store {
    const memory = (): Store => this.#memory
    const live = (): Store => {
      if (!this.#isHome()) throw new PerchError('RECOVERING')
      return this.#memory
    }
    const frozen = async <T>(run: (memory: Store) => Promise<T>): Promise<T> => {
      const answer = await run(live())
      this.#changed(run)
      return answer
    }
    return {
      read: async (...asked) => await live().read(...asked),
      due: async (...asked) => await live().due(...asked),
      serve: async (...asked) => await live().serve(...asked),
      commit: async commit => {
        if (!this.#isHome()) return { state: 'stale' }
        const done = await this.#memory.commit(commit)
        if (done.state === 'ok') {
          for (const { key } of commit.writes) this.keys.add(key)
          this.#changed(async memory => await memory.commit(commit))
          await this.#witness.committed(commit, done, this.#memory)
        }
        return done
      },
      subscribe: async (shard, topic, listener) => {
        const name = `${shard}/${topic}`
        const listeners = this.#topics.get(name) ?? new Set()
        if (listeners.size === 0 && !this.#topics.has(name)) {
          this.#topics.set(name, listeners)
          await this.#listen(name)
        }
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      dueAt: async (...asked) => await memory().dueAt(...asked),
      announce: async (...told) => await memory().announce(...told),
      now: async shard => await memory().now(shard),

      outbox: async (...asked) => await live().outbox(...asked),
      gap: async (...asked) => await live().gap(...asked),
      trimOutbox: async (shard, stream, upTo) => {
        this.#witness.trimmed(stream, upTo)
        await memory().trimOutbox(shard, stream, upTo)
        this.#changed(async memory => await memory.trimOutbox(shard, stream, upTo))
      },
      outboxLength: async (...asked) => await memory().outboxLength(...asked),
      rewriteFiles: async shard => await memory().rewriteFiles(shard),

      lease: async (...asked) => await memory().lease(...asked),
      endLease: async (...asked) => await memory().endLease(...asked),
      heartbeat: async (...asked) => await memory().heartbeat(...asked),
      leave: async keeper => await memory().leave(keeper),

      state: async shard => {
        const state = await memory().state(shard)
        return state.state === 'live' && !this.#isHome() ? { state: 'foreign', epoch: state.epoch } : state
      },
      freeze: async (shard, epoch, keeper) => {
        const answer = await memory().freeze(shard, epoch, keeper)
        if (answer.frozen) {
          this.#home = this.#replid
          this.#changed(async memory => await memory.freeze(shard, epoch, keeper))
        }
        return answer
      },
      drain: async (...asked) => await live().drain(...asked),
      positions: async freeze => await live().positions(freeze),
      scan: async (...asked) => await live().scan(...asked),
      peek: async (...asked) => await live().peek(...asked),
      clear: async freeze => {
        await live().positions(freeze)
        await this.#witness.clearing(freeze, this.#memory)
        await frozen(async memory => { await memory.clear(freeze) })
      },
      load: async (freeze, part) => {
        for (const { key } of part.records) this.keys.add(key)
        await frozen(async memory => { await memory.load(freeze, part) })
      },
      thaw: async freeze => {
        await live().positions(freeze)
        await this.#witness.thawing(freeze, this.#memory)
        await frozen(async memory => { await memory.thaw(freeze) })
        await this.#witness.thawed(freeze, this.#memory)
      },

      ping: async () => {},
      close: async () => {}
    }
  }
}
