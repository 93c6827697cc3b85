import type { Box, SpaceShape } from './shapes.ts'
import type { PlanView, Size } from './view.ts'

/** Where a name of that size stands beside a point, in CSS pixels: its left edge and its middle. */
export interface LabelPlace {
  x: number
  y: number
}

/** Beside the point, above or below it, wherever it covers the fewest spaces and leaves nothing of itself outside; to the right if all are the same. `away`: from the point's middle. */
export function placeLabel (at: LabelPlace, label: Size, away: number, { spaces, view, size }: { spaces: readonly SpaceShape[], view: PlanView, size: Size }): LabelPlace {
  const [middle, half] = [at.x - label.width / 2, label.height / 2]
  const places = [
    { x: at.x + away, y: at.y },
    { x: at.x - away - label.width, y: at.y },
    { x: middle, y: at.y + away + half },
    { x: middle, y: at.y - away - half }
  ]
  const boxOf = ({ x, y }: LabelPlace): Box => ({ x, y: y - half, width: label.width, height: label.height })
  let best = { place: { x: at.x + away, y: at.y }, cost: Infinity }
  for (const place of places) {
    const box = boxOf(place)
    const outside = box.x < 0 || box.y < 0 || box.x + box.width > size.width || box.y + box.height > size.height
    const cost = (outside ? spaces.length + 1 : 0) + spaces.filter(space => touches(box, space.box, view)).length
    if (cost < best.cost) best = { place, cost }
  }
  return best.place
}

function touches (label: Box, space: Box, { scale, x, y }: PlanView): boolean {
  return label.x < (space.x + space.width) * scale + x && label.x + label.width > space.x * scale + x && label.y < (space.y + space.height) * scale + y && label.y + label.height > space.y * scale + y
}
