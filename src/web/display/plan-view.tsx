import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { Device } from '../live/device.ts'
import type { FloorCanvas } from '../plan/floor-canvas.ts'
import { FloorPlan } from '../plan/floor-plan.tsx'
import { commonWords } from '../words/common.ts'
import type { LiveFloor } from './live-floor.ts'

/** Of the unit: the smallest text that is read from six metres. */
export const SMALLEST_TEXT = 2.5
const MARGIN = 0.6

export interface PlanViewProps {
  floor: LiveFloor | null
  device: Device
  sentence: string | null
  unit: number
  theme: 'light' | 'dark' | null
}

/** The plan as large as there is room for, or a sentence that says why there is none. */
export function PlanView ({ floor, device, sentence, unit, theme }: PlanViewProps) {
  const words = commonWords()
  const canvas = useRef<FloorCanvas | null>(null)
  useLayoutEffect(() => canvas.current?.repaint(), [theme])
  const { youAreHere } = words
  const [x = 0, y = 0] = device.point ?? []
  const isHere = floor !== null && floor.id === device.floor && device.point !== null
  const here = useMemo(() => isHere ? { name: youAreHere, x, y: -y } : null, [isHere, youAreHere, x, y])
  const planned = floor?.planned.value ?? null
  return (
    <section class='display-plan'>
      {floor !== null && planned !== null && (
        <FloorPlan
          shapes={planned.shapes} floor={floor.state.floor} here={here} textPx={SMALLEST_TEXT * unit} margin={MARGIN * unit}
          label={words.floorTitle(floor.level, floor.name.value)} onCanvas={drawn => { canvas.current = drawn }}
        />
      )}
      {sentence !== null && <p class={planned === null ? 'display-sentence' : 'display-sentence display-sentence-over'} role='status'>{sentence}</p>}
    </section>
  )
}
