import type { SpaceKind } from '../../domain/space.ts'
import type { SpaceShape } from '../plan/shapes.ts'

/** What is looked for. Kinds and zones: one of them; features: all of them. Empty: any. */
export interface Filter {
  kinds: readonly SpaceKind[]
  features: readonly string[]
  zones: readonly string[]
  /** As it was typed. */
  text: string
}

export const NO_FILTER: Filter = { kinds: [], features: [], zones: [], text: '' }

/** What a floor has to choose from, the most frequent first. */
export interface Choices {
  kinds: readonly SpaceKind[]
  features: readonly string[]
  zones: ReadonlyArray<{ id: string, name: string }>
}

export function choicesOf (spaces: readonly SpaceShape[], zones: ReadonlyArray<{ id: string, name: string }>): Choices {
  return {
    kinds: byFrequency(spaces.map(({ kind }) => kind)),
    features: byFrequency(spaces.flatMap(({ features }) => features)),
    zones: zones.filter(({ id }) => spaces.some(({ zone }) => zone === id)).map(({ id, name }) => ({ id, name }))
  }
}

function byFrequency<Item extends string> (items: readonly Item[]): Item[] {
  const counts = new Map<Item, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts.entries()].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1)).map(([item]) => item)
}

/** Null: everything is looked for. `names`: who is seen to sit where, by space. */
export function wantedOf (spaces: readonly SpaceShape[], filter: Filter, names: ReadonlyMap<string, string>): ReadonlySet<string> | null {
  const text = plain(filter.text)
  if (text === '' && filter.kinds.length + filter.features.length + filter.zones.length === 0) return null
  return new Set(spaces.filter(space => fits(space, filter) && isNamed(space, text, names)).map(({ id }) => id))
}

function fits ({ kind, zone, features }: SpaceShape, filter: Filter): boolean {
  return (filter.kinds.length === 0 || filter.kinds.includes(kind)) &&
    (filter.zones.length === 0 || (zone !== null && filter.zones.includes(zone))) &&
    filter.features.every(feature => features.includes(feature))
}

function isNamed ({ id, label }: SpaceShape, text: string, names: ReadonlyMap<string, string>): boolean {
  if (text === '' || plain(label).includes(text) || bare(label).includes(bare(text))) return true
  const name = names.get(id)
  return name !== undefined && beginsAWord(plain(name), text)
}

/** Names are found by the beginning of each part: "kel" is Anna Keller, "nna" is nobody. */
export function beginsAWord (name: string, text: string): boolean {
  return name.startsWith(text) || name.split(/[\s-]+/).some(part => part.startsWith(text)) || name.includes(` ${text}`)
}

/** Without case and accents: "foehn" is not "föhn", but "fohn" is. */
export function plain (text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase().trim()
}

/** "3n14" is 3-N-14. */
function bare (text: string): string {
  return plain(text).replace(/[^\p{L}\p{N}]/gu, '') || '\u0000'
}

/** The same list with it, or without it if it was there. */
export function toggled<Item> (items: readonly Item[], item: Item): Item[] {
  return items.includes(item) ? items.filter(other => other !== item) : [...items, item]
}
