import type { ClaimView } from '../protocol/claim.ts'
import type { MineFrame } from './frame.ts'

/** The claims of whoever the token is of, as the server tells them; a device or a key has none. */
export interface MyClaims {
  /** Null while the server has not told them. */
  readonly claims: readonly ClaimView[] | null
  /** Ids of claims that a fault took, and that were not made anew since; the latest 100. Say so, and offer to ask again. */
  readonly lost: readonly string[]
}

const MOST_LOST = 100

export class Mine {
  #state: MyClaims = { claims: null, lost: [] }

  get state (): MyClaims {
    return this.#state
  }

  receive ({ claims, lost = [] }: MineFrame): void {
    const held = new Set(claims.map(({ id }) => id))
    const gone = [...new Set([...this.#state.lost, ...lost])].filter(id => !held.has(id))
    this.#state = { claims, lost: gone.slice(-MOST_LOST) }
  }
}
