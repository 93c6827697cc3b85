import { LRUCache } from 'lru-cache'
import type { ClientBase, Pool } from 'pg'
import { NOBODY, personIn } from '../../domain/nobody.ts'
import { DAY, type Millis } from '../../domain/time.ts'
import type { OrgId, PersonId } from '../../domain/ids.ts'
import type { LedgerEntry } from '../../application/ports.ts'
import { isRefused } from './failure.ts'
import { columnwise, unnest, type Row } from './unnest.ts'

/** People with their days that need not be asked for, some 150 bytes each: those of a few days of a large installation. */
const MOST_KNOWN = 100_000

const SUBJECTS = { org: 'text', person: 'text', day: 'int4' } as const

export const dayOf = (at: Millis): number => Math.floor(at / DAY)

/** Sees to it that everybody has a random name on the days on which something is told of them. One whose row was taken away since is told of without any. */
export class Subjects {
  readonly #known = new LRUCache<string, true>({ max: MOST_KNOWN })

  /** Everybody is asked for again. */
  forget (): void {
    this.#known.clear()
  }

  /** Before the entries are recorded, and outside their transaction: what that rolls back would be taken for known. */
  async ensure (pool: Pool, entries: readonly LedgerEntry[]): Promise<void> {
    const unknown = new Map<string, Row<typeof SUBJECTS>>()
    for (const { entry: { org, at, by, events } } of entries) {
      const day = dayOf(at)
      for (const person of new Set([personIn(by), ...events.map(event => 'claim' in event ? event.claim.person : null)])) {
        const key = `${org}/${String(person)}/${day}`
        if (person !== null && person !== NOBODY && !this.#known.has(key)) unknown.set(key, { org, person, day })
      }
    }
    if (unknown.size === 0) return
    try {
      await insert(pool, [...unknown.values()])
      for (const key of unknown.keys()) this.#known.set(key, true)
    } catch (error) {
      // Some entry holds what no text may hold. The ledger sets that one aside; today the others of the batch have no name.
      if (!isRefused(error)) throw error
    }
  }
}

export async function ensureSubjects (client: ClientBase, org: OrgId, people: readonly PersonId[], day: number): Promise<void> {
  if (people.length > 0) await insert(client, [...new Set(people)].map(person => ({ org, person, day })))
}

/** In the order of the key, so that two recorders do not wait for each other in a circle. */
async function insert (client: ClientBase | Pool, rows: ReadonlyArray<Row<typeof SUBJECTS>>): Promise<void> {
  await client.query(`insert into perch.subjects (org, person, day) select u.* from ${unnest(SUBJECTS, 1)} order by 1, 2, 3 on conflict (org, person, day) do nothing`, columnwise(SUBJECTS, rows))
}
