import { LRUCache } from 'lru-cache'
import type { Claim } from '../domain/claim.ts'
import { PerchError } from '../domain/errors.ts'
import type { OrgId, PersonId } from '../domain/ids.ts'
import { NOBODY } from '../domain/nobody.ts'
import { HOUR } from '../domain/time.ts'
import { noteOf, type AuditNote, type Notes } from './audit.ts'
import type { Commands } from './commands.ts'
import type { Clock } from './ports.ts'
import type { Principal } from './principal.ts'

/** Look-ups that wait for Postgres, some 200 bytes each. When more would, people cannot be looked up until they are written. */
const MOST_WAITING = 10_000
/** Who looked up whom within the last hour, so that a page that asks every few seconds is one entry in it. */
const MOST_REMEMBERED = 100_000
const SAID_AGAIN_MS = HOUR
const RETRY_MS = 5_000
const NOTES_AT_ONCE = 1_000

export interface LookUpsParts {
  clock: Clock
  note: Notes
  onTrouble (error: unknown): void
}

/**
 * Writes down who looked up whom, and lets people see it. The answer waits for that while Postgres is there; else it is written once Postgres is back. A node that is killed before
 * that loses what waits.
 */
export class LookUps {
  readonly #parts: LookUpsParts
  readonly #said: LRUCache<string, number>
  readonly #waiting: Array<{ org: OrgId, note: AuditNote }> = []
  #cancel: (() => void) | null = null

  constructor (parts: LookUpsParts) {
    this.#parts = parts
    this.#said = new LRUCache({ max: MOST_REMEMBERED })
  }

  /** That many wait. */
  get waiting (): number {
    return this.#waiting.length
  }

  /** `what`: by what they were found, in a word; null among the people: many at once, who are not named. Oneself is nobody's business. @throws LEDGER_BEHIND when too much waits */
  async looked (principal: Principal, people: Iterable<PersonId | null>, what: string): Promise<void> {
    const now = this.#parts.clock.monotonic()
    const keyOf = (person: PersonId | null): string => `${principal.org}/${principal.id}/${person ?? ''}/${what}`
    const isOther = (person: PersonId | null): boolean => person === null || (person !== principal.person && person !== NOBODY)
    const fresh = [...new Set(people)].filter(person => isOther(person) && this.#isNew(keyOf(person), now))
    if (fresh.length === 0) return
    if (this.#waiting.length + fresh.length > MOST_WAITING) throw new PerchError('LEDGER_BEHIND')
    for (const person of fresh) {
      this.#waiting.push({ org: principal.org, note: noteOf(this.#parts, principal, 'looked-up', { person, detail: { what } }) })
      this.#said.set(keyOf(person), now)
    }
    if (this.#cancel === null) await this.#write()
  }

  close (): void {
    this.#cancel?.()
  }

  #isNew (key: string, now: number): boolean {
    return now - (this.#said.get(key) ?? -Infinity) >= SAID_AGAIN_MS
  }

  async #write (): Promise<void> {
    const { clock, note, onTrouble } = this.#parts
    this.#cancel = null
    while (this.#waiting.length > 0) {
      const { org } = this.#waiting[0] as { org: OrgId }
      const part = this.#waiting.filter(one => one.org === org).slice(0, NOTES_AT_ONCE)
      try {
        // Out of the list first: another call may come to write meanwhile.
        for (const one of part) this.#waiting.splice(this.#waiting.indexOf(one), 1)
        await note(org, part.map(one => one.note))
      } catch (error) {
        this.#waiting.unshift(...part)
        onTrouble(error)
        this.#cancel ??= clock.after(RETRY_MS, () => { this.#write().catch(onTrouble) })
        return
      }
    }
  }
}

/** The use cases around claims, which write down whose claims somebody else has looked at. */
export function watchedCommands (commands: Commands, lookUps: Pick<LookUps, 'looked'>): Commands {
  const looked = async <T extends Claim | Claim[]>(principal: Principal, found: T): Promise<T> => {
    await lookUps.looked(principal, [found].flat().map(({ person }) => person), 'claims')
    return found
  }
  // One by one: use cases may be a class's.
  return {
    claim: async (principal, request) => await commands.claim(principal, request),
    checkIn: async (principal, ...asked) => await commands.checkIn(principal, ...asked),
    release: async (principal, ...asked) => await commands.release(principal, ...asked),
    change: async (principal, claim, change) => await commands.change(principal, claim, change),
    arrive: async (principal, request) => await commands.arrive(principal, request),
    leave: async (principal, request) => await commands.leave(principal, request),
    // The person shows themselves: nobody looks them up.
    identify: async (principal, request) => await commands.identify(principal, request),
    block: async (principal, space, request) => await commands.block(principal, space, request),
    unblock: async (principal, space) => await commands.unblock(principal, space),
    read: async (principal, request) => await commands.read(principal, request),
    find: async (principal, id) => await looked(principal, await commands.find(principal, id)),
    claims: async (principal, query) => await looked(principal, await commands.claims(principal, query))
  }
}
