import type { Point } from './plan.ts'

/** One thing that is wrong with a plan, with what it is about; lengths in metres. */
export type PlanFault =
  | { kind: 'too-many-spaces', most: number, removed: number }
  | { kind: 'zone-twice', zone: string }
  | { kind: 'space-twice', space: string }
  | { kind: 'no-such-zone', zone: string }
  | { kind: 'no-such-space', space: string }
  | { kind: 'on-another-floor', space: string, floor: string }
  | { kind: 'space-and-zone' }
  | { kind: 'two-shapes', space: string }
  | { kind: 'no-shape', space: string }
  | { kind: 'place-as-line' }
  | { kind: 'far-out', point: Point, most: number }
  | { kind: 'short-ring' }
  | { kind: 'open-ring' }
  | { kind: 'too-small', width: number, height: number }
  | { kind: 'too-many-corners', most: number }
  | { kind: 'crosses-itself' }
  | { kind: 'in-degrees', width: number, height: number }

/** For whoever reads an answer of the API. */
export function planFaultText (fault: PlanFault): string {
  switch (fault.kind) {
    case 'too-many-spaces': return `a floor has at most ${fault.most} spaces, with ${fault.removed} that were taken off; split it`
    case 'zone-twice': return `zone ${fault.zone} is given twice`
    case 'space-twice': return `space ${fault.space} is given twice`
    case 'no-such-zone': return `there is no zone ${fault.zone} on this floor`
    case 'no-such-space': return `there is no space ${fault.space} on this floor`
    case 'on-another-floor': return `space ${fault.space} is or was on floor ${fault.floor}`
    case 'space-and-zone': return 'a shape is a space or a zone, not both'
    case 'two-shapes': return `space ${fault.space} has two shapes`
    case 'no-shape': return `space ${fault.space} has no shape: the plan needs a Point or Polygon with properties.space`
    case 'place-as-line': return 'a space or zone is a Point or a Polygon'
    case 'far-out': return `[${fault.point.join(', ')}] is not within ${fault.most} m of the origin: coordinates are metres from a corner of the floor`
    case 'short-ring': return 'a ring has at least 4 points, the last one the same as the first'
    case 'open-ring': return 'the ring is not closed: its last point must be the same as its first'
    case 'too-small': return `the shape is ${fault.width} m by ${fault.height} m: too small to be a place`
    case 'too-many-corners': return `the shape of a space or zone has at most ${fault.most} corners`
    case 'crosses-itself': return 'the ring crosses or touches itself'
    case 'in-degrees': return `all shapes lie within ${fault.width} m by ${fault.height} m: coordinates are metres, not degrees`
  }
}
