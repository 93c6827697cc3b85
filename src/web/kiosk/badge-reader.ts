/** Milliseconds between two keys of a reader, at most: they send one every 1 to 40, and two keys that a hand rolls over come so close only once or twice in a row. */
const FAST_MS = 60
/** Keys. The shortest number that is printed on cards; nobody types so many that fast. */
const SHORTEST = 6
/** Keys. PROTOCOL.md takes no longer badge. */
const LONGEST = 256

/** A key that came down: `at` in milliseconds of the event's own time, so that a busy page does not make a hand look like a reader. */
export interface KeyDown {
  key: string
  at: number
  /** It is being held down. */
  repeat: boolean
  /** With Ctrl, Alt or Meta. */
  chord: boolean
}

/**
 * What is to be done with a key. `pass`: it is somebody's own. `hold`: it may be a reader's, and nobody else may have it yet. `badge`: what was read, with the Enter at its end.
 * What was held and came to nothing is `typed`, before this key.
 */
export type KeyMeaning =
  | { state: 'pass', typed: string }
  | { state: 'hold' }
  | { state: 'badge', badge: string }

const PASS: KeyMeaning = { state: 'pass', typed: '' }
const HOLD: KeyMeaning = { state: 'hold' }

/**
 * Tells badge readers, which act as keyboards, from hands. A reader types its number much faster than a hand could, and ends it with Enter. The first key of a burst passes, since
 * nothing is known of it; the others are held until it is known whose they are. Nothing of a badge stays here once it was told.
 */
export class BadgeReader {
  #keys = ''
  /** How many of them somebody else has got. */
  #passed = 0
  #at = -Infinity

  take ({ key, at, repeat, chord }: KeyDown): KeyMeaning {
    // Shift comes before the capitals of a badge, and is no key of it.
    if (key === 'Shift') return PASS
    const fast = at - this.#at <= FAST_MS && !repeat && !chord
    if (key === 'Enter' && fast && this.#keys.length >= SHORTEST) return { state: 'badge', badge: this.#end() }
    if (key.length !== 1 || !fast || this.#keys.length >= LONGEST) {
      const typed = this.lapse()
      if (key.length === 1 && !repeat && !chord) this.#begin(key, at)
      return typed === '' ? PASS : { state: 'pass', typed }
    }
    this.#keys += key
    this.#at = at
    return HOLD
  }

  /** No key has followed: what was held was typed by a hand. */
  lapse (): string {
    const held = this.#keys.slice(this.#passed)
    this.#end()
    return held
  }

  /** Milliseconds after which it has lapsed. */
  static readonly lapseMs = FAST_MS + 20

  #begin (key: string, at: number): void {
    this.#keys = key
    this.#passed = 1
    this.#at = at
  }

  #end (): string {
    const keys = this.#keys
    this.#keys = ''
    this.#passed = 0
    this.#at = -Infinity
    return keys
  }
}
