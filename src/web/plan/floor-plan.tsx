import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Floor } from '../../client/index.ts'
import { FloorCanvas, type FloorCanvasLooks } from './floor-canvas.ts'
import type { FloorShapes } from './shapes.ts'
import './floor-plan.css'

export interface FloorPlanProps extends Partial<FloorCanvasLooks> {
  shapes: FloorShapes
  floor: Floor
  /** In words, for who does not see it. */
  label: string
  /** Called with the canvas once there is one, and with null when it goes: for whoever moves or touches the plan. */
  onCanvas?: ((canvas: FloorCanvas | null, element: HTMLCanvasElement) => void) | undefined
}

const NONE: ReadonlySet<string> = new Set()

/** A floor as it is now, as large as the element around it. */
export function FloorPlan ({ shapes, floor, label, onCanvas, view = null, margin = 16, textPx = 13, here = null, chosen = null, focused = null, mine = NONE, wanted = null }: FloorPlanProps) {
  const element = useRef<HTMLCanvasElement>(null)
  const drawn = useRef<FloorCanvas | null>(null)
  const looks: FloorCanvasLooks = { view, margin, textPx, here, chosen, focused, mine, wanted }
  useLayoutEffect(() => {
    const canvas = element.current
    if (canvas === null) return
    const plan = drawn.current = new FloorCanvas(canvas, shapes, floor, looks)
    onCanvas?.(plan, canvas)
    return () => {
      drawn.current = null
      onCanvas?.(null, canvas)
      plan.close()
    }
  }, [])
  useLayoutEffect(() => drawn.current?.show(shapes, floor), [shapes, floor])
  useLayoutEffect(() => drawn.current?.set(looks), [view, margin, textPx, here, chosen, focused, mine, wanted])
  return <canvas ref={element} class='floor-plan' role='img' aria-label={label} />
}
