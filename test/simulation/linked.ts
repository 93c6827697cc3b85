import type { Directory } from '../../src/application/directory.ts'
import type { Guard, Ledger, Listener, Store } from '../../src/application/ports.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import type { Failure, Service } from './service.ts'

const RECOVERING: Failure = { refused: 'RECOVERING', lost: 'RECOVERING' }
const LEDGER_BEHIND: Failure = { refused: 'LEDGER_BEHIND', lost: 'LEDGER_BEHIND' }

/** How messages fare on their way to one subscriber. */
export interface Post {
  /** Chances per message. */
  loses: number
  repeats: number
}

type Called<P> = { [K in keyof P]: P[K] extends (...given: infer G) => Promise<infer R> ? (...given: G) => Promise<R> : never }

/** The same port, each call of it a call of the service. */
function throughService<P extends object> (port: P, service: Service, process: Process, failure: Failure): Called<P> {
  const calls = new Map<PropertyKey, unknown>()
  return new Proxy(port, {
    get (target, name) {
      const known = calls.get(name)
      if (known !== undefined) return known
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      const call = (...given: unknown[]) => service.call(process, String(name), async () => await Reflect.apply(member, target, given) as unknown, failure)
      calls.set(name, call)
      return call
    }
  }) as Called<P>
}

export function linkedLedger (ledger: Ledger, service: Service, process: Process): Ledger {
  return throughService(ledger, service, process, LEDGER_BEHIND)
}

export function linkedDirectory (directory: Directory, service: Service, process: Process): Directory {
  const linked = throughService(directory, service, process, LEDGER_BEHIND)
  // What is noted is no call: it goes with the next one.
  const noting: Directory['noting'] = notes => linkedDirectory(directory.noting(notes), service, process)
  return new Proxy(linked, { get: (target, name) => name === 'noting' ? noting : Reflect.get(target, name) as unknown }) as Directory
}

/** A guard that cannot be reached leaves its callers unguarded. */
export function linkedGuard (guard: Guard, service: Service, process: Process): Guard {
  return {
    hold: async (names, ttlMs) => await service.call(process, 'hold', async () => await guard.hold(names, ttlMs), RECOVERING).catch(() => ({ state: 'unguarded' as const })),
    close: async () => {}
  }
}

/** The store as one process has it. `post` may change at any time. */
export function linkedStore (store: Store, service: Service, process: Process, scheduler: Scheduler, post: Post): Store {
  return {
    ...throughService(store, service, process, RECOVERING),
    commit: async commit => {
      const what = () => `commit ${commit.writes.map(({ key }) => key).join(' ')}`
      return await service.call(process, 'commit', async () => {
        scheduler.note('commit', what)
        return await store.commit(commit)
      }, { refused: 'RECOVERING', lost: 'OUTCOME_UNKNOWN' })
    },
    subscribe: async (shard, topic, listener) => {
      const letterbox = new Letterbox(listener, service, process, scheduler, post)
      const end = await service.call(process, `subscribe ${topic}`, async () => await store.subscribe(shard, topic, message => letterbox.drop(message)), RECOVERING).catch((error: unknown) => {
        letterbox.close()
        throw error
      })
      return () => {
        letterbox.close()
        end()
      }
    }
  }
}

/** Messages to one subscriber: in their order, each a step, some lost or repeated without a word. */
class Letterbox {
  readonly #listener: Listener
  readonly #service: Service
  readonly #process: Process
  readonly #scheduler: Scheduler
  readonly #post: Post
  readonly #waiting: Array<Parameters<Listener>[0]> = []
  #last = 0
  #closed = false

  constructor (listener: Listener, service: Service, process: Process, scheduler: Scheduler, post: Post) {
    this.#listener = listener
    this.#service = service
    this.#process = process
    this.#scheduler = scheduler
    this.#post = post
  }

  drop (message: Parameters<Listener>[0]): void {
    const { random } = this.#scheduler
    if (this.#closed || random() < this.#post.loses) return
    this.#send(message)
    if (random() < this.#post.repeats) this.#send(message)
  }

  close (): void {
    this.#closed = true
  }

  #send (message: Parameters<Listener>[0]): void {
    // The next step takes the oldest: a message is never overtaken by a later one, whatever a pause does to the steps.
    this.#waiting.push(message)
    this.#last = Math.max(this.#last, this.#scheduler.now + this.#service.latency())
    this.#process.after(this.#last - this.#scheduler.now, () => {
      const oldest = this.#waiting.shift()
      if (oldest !== undefined && !this.#closed) this.#listener(oldest)
    })
  }
}
