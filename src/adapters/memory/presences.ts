import { BREAK_MS, NEVER, saidAgain, type Presence } from '../../domain/served.ts'
import type { Millis } from '../../domain/time.ts'

/** What is said of a shard, by name, each with the epoch in which it was said last. A rebuild of the shard leaves it: it is not of the records. */
export class Presences {
  readonly #said = new Map<string, { epoch: number, presence: Presence }>()

  say (name: string, epoch: number, now: Millis): Presence {
    const presence = saidAgain(this.tell(name, epoch, now), now)
    this.#said.set(name, { epoch, presence })
    return presence
  }

  tell (name: string, epoch: number, now: Millis): Presence {
    const { epoch: in_, presence } = this.#said.get(name) ?? { epoch, presence: NEVER }
    // Nobody has said so in this epoch yet, or the clock was set back: as if it had just been lost.
    return in_ === epoch || presence.lastAt < now - BREAK_MS ? presence : { ...presence, goneAt: presence.lastAt, backAt: now }
  }
}
