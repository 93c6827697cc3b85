import type { OrgId, PersonId } from '../domain/ids.ts'
import { shownName } from '../domain/person.ts'
import { FARTHEST_HORIZON, LONGEST_STAY } from '../domain/policy.ts'
import { utcDays } from '../domain/time.ts'
import type { Directory } from './directory.ts'
import type { Clock } from './ports.ts'
import { REMEMBERED_MS } from './remembered.ts'
import type { Transact } from './transact.ts'

const SELF = 'perch'
/** By then no node remembers the old name. */
const AGAIN_MS = REMEMBERED_MS + 5_000
/** Changes that wait for their second round; more are not waited for (INV-8). */
const MOST_WAITING = 1_000
/** Rounds after one that failed. */
const MOST_ROUNDS = 20

export interface PresenterParts {
  directory: Directory
  transact: Transact
  clock: Clock
  onTrouble? (error: unknown): void
}

/**
 * Brings names and visibilities to every record that shows them (INV-7). Once at once, and once more when no node can remember the old ones any longer: a claim that
 * another node made meanwhile may carry one. What is shown is what the directory says at that moment, so two changes at once end with the later one.
 */
export class Presenter {
  readonly #parts: PresenterParts
  readonly #waiting = new Set<() => void>()

  constructor (parts: PresenterParts) {
    this.#parts = parts
  }

  /** @throws RECOVERING, LEDGER_BEHIND, BUSY: it is tried again by itself */
  async present (org: OrgId, people: readonly PersonId[]): Promise<void> {
    if (people.length === 0) return
    this.#later(org, people, MOST_ROUNDS)
    await this.#round(org, people)
  }

  close (): void {
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
  }

  async #round (org: OrgId, people: readonly PersonId[]): Promise<void> {
    const { directory, transact, clock } = this.#parts
    const sites = await directory.sites(org)
    // Wherever a claim may stand, whatever the policies said when it was made.
    const days = utcDays({ from: clock.now() - LONGEST_STAY, to: clock.now() + FARTHEST_HORIZON + LONGEST_STAY })
    for (const id of people) {
      const person = await directory.person(org, id)
      if (person === null) continue
      for (const site of sites) {
        await transact(org, { type: 'present', site: site.id, person: id, name: shownName(person), days }, { site: site.id }, SELF)
      }
    }
  }

  #later (org: OrgId, people: readonly PersonId[], rounds: number): void {
    if (this.#waiting.size >= MOST_WAITING || rounds === 0) return
    const cancel = this.#parts.clock.after(AGAIN_MS, () => {
      this.#waiting.delete(cancel)
      this.#round(org, people).catch((error: unknown) => {
        this.#parts.onTrouble?.(error)
        this.#later(org, people, rounds - 1)
      })
    })
    this.#waiting.add(cancel)
  }
}
