import { PerchError } from '../domain/errors.ts'
import { READS_UP_TO } from './codec.ts'
import type { Store, Stored } from './ports.ts'

/** How a record and an outbox entry begin: `[<format>,` and `{"f":<format>,`. */
const HEAD = /^(?:\[|\{"f":)(\d+),/

/**
 * Keeps a node from guessing at what a newer release has written: a field that it drops when it writes the record again could double a booking (INV-1). Nothing is lost: what it
 * does not understand stays as it is, in the store and in the outbox, until a node that knows it comes.
 */
export class Formats {
  #newer: number | null = null

  /** The format that this node met and does not know; null: none. From then on it is of no use to anybody. */
  get newer (): number | null {
    return this.#newer
  }

  /** The store, but that records and entries of a newer format throw OUTDATED. */
  knownOnly (store: Store): Store {
    return {
      ...store,
      read: async (...asked) => {
        const snapshot = await store.read(...asked)
        this.#lookAt(snapshot.records)
        return snapshot
      },
      commit: async commit => {
        const answer = await store.commit(commit)
        if (answer.state === 'conflict') this.#lookAt(answer.current)
        return answer
      },
      outbox: async (...asked) => {
        const entries = await store.outbox(...asked)
        for (const { entry } of entries) this.#check(entry)
        return entries
      }
    }
  }

  #lookAt (records: ReadonlyMap<unknown, Stored>): void {
    for (const { body } of records.values()) if (body !== null) this.#check(body)
  }

  #check (text: string): void {
    const format = Number(HEAD.exec(text)?.[1] ?? 0)
    if (format <= READS_UP_TO) return
    this.#newer = Math.max(this.#newer ?? 0, format)
    throw new PerchError('OUTDATED', {}, new Error(`format ${format} is not known to this release, which reads up to ${READS_UP_TO}`))
  }
}
