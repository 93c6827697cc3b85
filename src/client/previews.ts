import type { View } from '../protocol/view.ts'
import type { Effect } from './effect.ts'
import type { Position } from './replica.ts'
import type { Space } from './space.ts'

interface Preview {
  effects: Array<Effect & { guessedFrom: View | null }>
  /** Where the floor has what was asked for; null: not answered. */
  until: (Position & { floor: string }) | null
}

/** What was asked for and is not seen yet, laid over what the server said and never mixed into it: taking it away again is all there is to a rollback. */
export class Previews {
  readonly #previews = new Set<Preview>()
  readonly #changed: (spaces: readonly string[]) => void

  /** `changed`: these spaces may look different now. */
  constructor (changed: (spaces: readonly string[]) => void) {
    this.#changed = changed
  }

  add (effects: readonly Effect[]): Preview {
    const preview: Preview = { effects: effects.map(effect => ({ ...effect, guessedFrom: null })), until: null }
    this.#previews.add(preview)
    this.#changed(spacesOf(preview))
    return preview
  }

  /** It came to nothing, or is no longer asked for. Safe to repeat. */
  end (preview: Preview): void {
    if (this.#previews.delete(preview)) this.#changed(spacesOf(preview))
  }

  /**
   * It is done, and the floor shows it from that position on: until `reached` says so the preview stays, or the space would flicker back. On a floor that a claim has moved
   * away from no position is known; there it ends at once.
   */
  settle (preview: Preview, until: Position & { floor: string }): void {
    const spaces = spacesOf(preview)
    preview.until = until
    preview.effects = preview.effects.filter(({ floor }) => floor === null || floor === until.floor)
    this.#changed(spaces)
  }

  /** The floor has got there; null: it is not watched any more. Gives the spaces that may look different now. */
  reached (floor: string, at: Position | null): string[] {
    const ended = [...this.#previews].filter(({ until }) => until?.floor === floor && (at === null || isAt(at, until)))
    for (const preview of ended) this.#previews.delete(preview)
    return ended.flatMap(spacesOf)
  }

  /** How a space looks with all of them, in the order they were asked for. */
  over (view: View): Space {
    let shown: Space = view
    for (const { effects } of this.#previews) {
      for (const effect of effects) {
        if (effect.space !== view.id) continue
        effect.guessedFrom ??= view
        // Once the server has said something new of the space, that is no guess.
        shown = { ...(effect.guessedFrom === view ? effect.change(shown) : shown), pending: effect.pending }
      }
    }
    return shown
  }
}

export type { Preview }

/** A later epoch voids the position: whatever came of it is in there. */
export function isAt (at: Position, { epoch, seq }: Position): boolean {
  return at.epoch > epoch || (at.epoch === epoch && at.seq >= seq)
}

function spacesOf ({ effects }: Preview): string[] {
  return effects.map(({ space }) => space)
}
