import type { Floor } from '../../../domain/plan.ts'

/** Where in a file something is, as whoever drew it knows it. */
export type PlaceInFile =
  | { what: 'space', id: string }
  | { what: 'zone', id: string }
  /** Counted from 1. */
  | { what: 'shape', number: number }
  | { what: 'plan' }

/** From a path such as `plan.features[3].geometry`: by the space or zone that the shape is of, where it is of one. */
export function placeInFile (path: string, { spaces, zones, plan }: Floor): PlaceInFile {
  const [, list = '', digits = ''] = /^(spaces|zones|plan\.features)\[(\d+)\]/.exec(path) ?? []
  const index = Number(digits)
  switch (list) {
    case 'spaces': return { what: 'space', id: spaces[index]?.id ?? String(index + 1) }
    case 'zones': return { what: 'zone', id: zones[index]?.id ?? String(index + 1) }
    case 'plan.features': {
      const { space, zone } = plan.features[index]?.properties ?? {}
      if (space !== undefined) return { what: 'space', id: space }
      return zone === undefined ? { what: 'shape', number: index + 1 } : { what: 'zone', id: zone }
    }
    default: return { what: 'plan' }
  }
}
