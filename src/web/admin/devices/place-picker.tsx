import { useRef } from 'preact/hooks'
import { toPlan } from '../../plan/view.ts'
import type { FloorCanvas } from '../../plan/floor-canvas.ts'
import { FloorPlan } from '../../plan/floor-plan.tsx'
import { commonWords } from '../../words/common.ts'
import { useFloor } from '../use-floor.ts'
import { refusalText } from '../words/refusals.ts'
import { deviceWords } from '../words/devices.ts'

export type Place = readonly [x: number, y: number]

/** Metres. Nobody stands a screen up more exactly. */
const STEP_M = 0.1

/** Where on a floor something stands: shown by a touch on the plan, or told in metres. */
export function PlacePicker ({ floor, point, onPoint }: { floor: string, point: Place | null, onPoint: (point: Place) => void }) {
  const words = deviceWords()
  const { live, plan } = useFloor(floor)
  const canvas = useRef<FloorCanvas | null>(null)
  if (plan.state === 'asking') return <p role='status'>{commonWords().loading}</p>
  if (plan.state === 'refused') return <p role='alert'>{refusalText(plan.error)}</p>
  const { planned: { shapes, floor: { level, name } } } = plan
  const touch = (event: MouseEvent): void => {
    if (canvas.current === null) return
    const { x, y } = toPlan(canvas.current.view, { x: event.offsetX, y: event.offsetY })
    onPoint([round(x), round(-y)])
  }
  const field = (label: string, value: number | undefined, set: (value: number) => Place) => (
    <label><span>{label}</span><input class='field' type='number' step={STEP_M} value={value ?? ''} onChange={event => { if (event.currentTarget.value !== '') onPoint(set(event.currentTarget.valueAsNumber)) }} /></label>
  )
  return (
    <div class='place-picker'>
      {/* The fields below do the same by keyboard. */}
      <div class='place-picker-plan' onClick={touch}>
        <FloorPlan shapes={shapes} floor={live.floor} label={commonWords().floorTitle(level, name)} textPx={10} here={point === null ? null : { name: words.here, x: point[0], y: -point[1] }} onCanvas={drawn => { canvas.current = drawn }} />
      </div>
      <div class='admin-row'>
        {field(words.metresRight, point?.[0], x => [x, point?.[1] ?? 0])}
        {field(words.metresUp, point?.[1], y => [point?.[0] ?? 0, y])}
      </div>
    </div>
  )
}

function round (metres: number): number {
  return Math.round(metres / STEP_M) / (1 / STEP_M)
}
