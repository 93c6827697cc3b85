import type { Space } from '../../client/index.ts'

/** Who is seen to sit where, by space: what this audience is told and nothing else (INV-7). */
export function namesOn (spaces: readonly Space[]): ReadonlyMap<string, string> {
  return new Map(spaces.flatMap(({ id, occupant }) => occupant === undefined ? [] : [[id, occupant.name]]))
}
