import type { OrgId } from '../domain/ids.ts'
import type { Key } from '../domain/keys.ts'
import type { Millis } from '../domain/time.ts'
import type { Freeze, LoadedRecord, Store } from './ports.ts'

/** Records, deadlines and seqs of one call: some milliseconds of the store's time. */
const PER_LOAD = 1_000
/** Calls on their way: the store is at work while the next ones are made. */
const AT_ONCE = 4

/** Loads a frozen shard in large parts, a few of them at a time. After the first failure every call throws it. */
export class Loads {
  readonly #store: Store
  readonly #freeze: Freeze
  readonly #n: number
  #records: LoadedRecord[] = []
  #due: Array<{ name: string, at: Millis }> = []
  #seqs = new Map<string, number>()
  readonly #running = new Set<Promise<void>>()
  #failure: { error: unknown } | null = null

  /** `n`: the number of the shard's last commit, and the version of records that are of no floor. */
  constructor (store: Store, freeze: Freeze, n: number) {
    this.#store = store
    this.#freeze = freeze
    this.#n = n
  }

  /** `version` null: the shard's number. */
  put (org: OrgId, key: Key, version: number | null, body: string): void {
    this.#records.push({ org, key, stored: { version: version ?? this.#n, body } })
    this.#sendIfFull()
  }

  due (name: string, at: Millis): void {
    this.#due.push({ name, at })
    this.#sendIfFull()
  }

  seq (floor: string, seq: number): void {
    this.#seqs.set(floor, seq)
    this.#sendIfFull()
  }

  /** Whoever puts much waits here now and then; undefined: there is room. A promise for each record would cost more than the record. */
  room (): Promise<void> | undefined {
    return this.#running.size < AT_ONCE && this.#failure === null ? undefined : this.#untilRoom()
  }

  /** Everything is there. */
  async done (): Promise<void> {
    this.#send()
    await Promise.all(this.#running)
    if (this.#failure !== null) throw this.#failure.error
  }

  async #untilRoom (): Promise<void> {
    while (this.#running.size >= AT_ONCE) await Promise.race(this.#running)
    if (this.#failure !== null) throw this.#failure.error
  }

  #sendIfFull (): void {
    if (this.#records.length + this.#due.length + this.#seqs.size >= PER_LOAD) this.#send()
  }

  #send (): void {
    const part = { records: this.#records, due: this.#due, seqs: this.#seqs, n: this.#n }
    this.#records = []
    this.#due = []
    this.#seqs = new Map()
    const running = this.#store.load(this.#freeze, part)
      .catch((error: unknown) => { this.#failure ??= { error } })
      .finally(() => { this.#running.delete(running) })
    this.#running.add(running)
  }
}
