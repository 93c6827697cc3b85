import type { Model } from './linearizable.ts'

/** What one claim at a time can have: a space, or the one desk of a person, at one time of day. */
export interface Held {
  epoch: number
  holder: string | null
  /** Claims that have ended here; an ended claim is never granted again (INV-4). Sorted. */
  ended: readonly string[]
}

/**
 * What happened to it. `epoch`: known to have been done in that one; null: in any.
 * `grant` makes the claim, and is told so; `hold`: the claim is here; `see`: it is, or has ended here; `end`, `leave` (for another space), `arrive` (from one); `refused`: somebody else has it;
 * `absent`: this claim does not have it; `unknown`: it has never been heard of here. `maybe`: may have happened. `begin`: an epoch begins with what the ledger knew.
 */
export type Happening =
  | { type: 'grant' | 'see' | 'hold' | 'end' | 'leave' | 'arrive' | 'refused' | 'absent' | 'unknown', claim: string, epoch: number | null }
  | { type: 'maybe', what: 'grant' | 'end' | 'leave' | 'arrive', claim: string }
  | { type: 'begin', epoch: number, holder: string | null, ended: readonly string[] }
  | { type: 'final', holder: string | null, epoch: number }

export function holding (epoch: number): Model<Held, Happening> {
  return {
    initial: { epoch, holder: null, ended: [] },
    step,
    keyOf: ({ epoch, holder, ended }) => `${epoch}/${holder ?? ''}/${ended.join()}`
  }
}

function step (held: Held, happening: Happening): Held | null {
  if (happening.type === 'begin') {
    return happening.epoch === held.epoch + 1 ? { epoch: happening.epoch, holder: happening.holder, ended: happening.ended } : null
  }
  if (happening.type === 'final') return happening.epoch === held.epoch && happening.holder === held.holder ? held : null
  if (happening.type === 'maybe') {
    const after = happen(held, happening.what, happening.claim)
    // What would have changed nothing need not have happened.
    return after === held ? null : after
  }
  if (happening.epoch !== null && happening.epoch !== held.epoch) return null
  return happen(held, happening.type, happening.claim)
}

function happen (held: Held, what: Exclude<Happening['type'], 'begin' | 'final' | 'maybe'>, claim: string): Held | null {
  const { holder, ended } = held
  const isOver = ended.includes(claim)
  switch (what) {
    case 'grant':
    case 'arrive':
      return holder === null && !isOver ? { ...held, holder: claim } : null
    case 'hold': return holder === claim ? held : null
    case 'see': return holder === claim || isOver ? held : null
    case 'end':
      if (isOver) return held
      return holder === claim ? { ...held, holder: null, ended: [...ended, claim].sort() } : null
    case 'leave': return holder === claim ? { ...held, holder: null } : null
    case 'refused': return holder !== null && holder !== claim && !isOver ? held : null
    case 'absent': return holder !== claim ? held : null
    case 'unknown': return holder !== claim && !isOver ? held : null
  }
}
