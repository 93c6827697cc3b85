import { select } from 'd3-selection'
import { zoom, zoomIdentity, type D3ZoomEvent } from 'd3-zoom'
import type { Box } from '../plan/shapes.ts'
import type { PlanView, Size } from '../plan/view.ts'

/** How far a plan may be moved. */
export interface Bounds {
  box: Box
  size: Size
  /** Pixels a metre. */
  least: number
  most: number
  /** Pixels around the plan. */
  margin: number
}

/** Pan, pinch, wheel and double tap on an element. */
export interface Moving {
  bounds (bounds: Bounds): void
  /** From now on it lies there, as far as the bounds allow. */
  to (view: PlanView): void
  end (): void
}

/** Pixels that a finger may slip and still have tapped. */
const SLIP = 8

/** `moved` is called with every step, at most once for each event. */
export function moving (element: HTMLCanvasElement, moved: (view: PlanView) => void): Moving {
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .clickDistance(SLIP)
    .tapDistance(SLIP * 2)
    .on('zoom', ({ transform: { k, x, y } }: D3ZoomEvent<HTMLCanvasElement, unknown>) => moved({ scale: k, x, y }))
  const selection = select<HTMLCanvasElement, unknown>(element).call(behaviour)
  return {
    bounds ({ box, size, least, most, margin }) {
      const around = margin / least
      behaviour
        .extent([[0, 0], [size.width, size.height]])
        .scaleExtent([least, most])
        .translateExtent([[box.x - around, box.y - around], [box.x + box.width + around, box.y + box.height + around]])
    },
    to ({ scale, x, y }) {
      selection.call(behaviour.transform, zoomIdentity.translate(x, y).scale(scale))
    },
    end () {
      selection.on('.zoom', null)
    }
  }
}
