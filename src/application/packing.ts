import type { Claim, ClaimLife, EndedWhy } from '../domain/claim.ts'
import type { PersonSlot } from '../domain/person.ts'
import type { Holding, SpaceKind } from '../domain/space.ts'
import type { Millis } from '../domain/time.ts'

/** A claim's life: its first letter and what belongs to it. */
type PackedLife = ['b', releaseAt: Millis | null] | ['p', since: Millis] | ['e', at: Millis, why: EndedWhy]

export type PackedClaim = [
  id: string, space: string, floor: string, kind: SpaceKind, person: string, by: string,
  from: Millis, to: Millis, createdAt: Millis, sole: 0 | 1, life: PackedLife
]
export type PackedHolding = [claim: PackedClaim, name: string | null, dates: readonly string[], provisional: 0 | 1]
export type PackedSlot = [id: string, space: string, kind: SpaceKind, from: Millis, to: Millis]

export function packClaim ({ id, space, floor, kind, person, by, from, to, createdAt, sole, life }: Claim): PackedClaim {
  return [id, space, floor, kind, person, by, from, to, createdAt, sole ? 1 : 0, packLife(life)]
}

export function unpackClaim ([id, space, floor, kind, person, by, from, to, createdAt, sole, life]: PackedClaim): Claim {
  return { id, space, floor, kind, person, by, from, to, createdAt, sole: sole === 1, life: unpackLife(life) }
}

function packLife (life: ClaimLife): PackedLife {
  switch (life.state) {
    case 'booked': return ['b', life.releaseAt]
    case 'present': return ['p', life.since]
    case 'ended': return ['e', life.at, life.why]
  }
}

function unpackLife (packed: PackedLife): ClaimLife {
  switch (packed[0]) {
    case 'b': return { state: 'booked', releaseAt: packed[1] }
    case 'p': return { state: 'present', since: packed[1] }
    case 'e': return { state: 'ended', at: packed[1], why: packed[2] }
  }
}

export function unpackHolding ([claim, name, dates, provisional]: PackedHolding): Holding {
  return { claim: unpackClaim(claim), name, dates, provisional: provisional === 1 }
}

/** Records are never changed in place, so what stood in a record before is the very same object in the next one: its text is made once. */
const holdingTexts = new WeakMap<Holding, string>()
const slotTexts = new WeakMap<PersonSlot, string>()

export function holdingText (holding: Holding): string {
  let text = holdingTexts.get(holding)
  if (text === undefined) {
    const { claim, name, dates, provisional } = holding
    const packed: PackedHolding = [packClaim(claim), name, dates, provisional ? 1 : 0]
    text = JSON.stringify(packed)
    holdingTexts.set(holding, text)
  }
  return text
}

export function slotText (slot: PersonSlot): string {
  let text = slotTexts.get(slot)
  if (text === undefined) {
    const packed: PackedSlot = [slot.id, slot.space, slot.kind, slot.from, slot.to]
    text = JSON.stringify(packed)
    slotTexts.set(slot, text)
  }
  return text
}
