import { useMemo, useState } from 'preact/hooks'
import { FloorPlan } from '../../plan/floor-plan.tsx'
import { shapesOf } from '../../plan/shapes.ts'
import { commonWords } from '../../words/common.ts'
import { planWords } from '../words/plans.ts'
import { floorOfView } from './floor-of-view.ts'
import type { Proposal } from './plan-import.ts'
import { stillFloor } from './still-floor.ts'

/** The floor as it would be, and as it is; what differs stands out. */
export function PlanPreview ({ proposal: { read, target, changes }, chosen }: { proposal: Proposal, chosen: string | null }) {
  const words = planWords()
  const [asked, setSide] = useState<'after' | 'before'>('after')
  // What is taken off can be shown only where it still is.
  const side = changes.removed.some(({ id }) => id === chosen) ? 'before' : asked
  const before = useMemo(() => target.before === null ? null : floorOfView(target.before), [target])
  const floor = side === 'before' && before !== null ? before : read.floor
  const shapes = useMemo(() => shapesOf(floor), [floor])
  const still = useMemo(() => stillFloor(floor.id, floor.spaces), [floor])
  const touched = useMemo(() => {
    const both = [...changes.moved.map(({ space }) => space), ...changes.renamed.map(({ space }) => space), ...changes.changed]
    return new Set([...both, ...side === 'before' ? changes.removed : changes.added].map(({ id }) => id))
  }, [changes, side])
  const isSmallChange = before !== null && touched.size < floor.spaces.length
  return (
    <div class='plan-preview'>
      {before !== null && (
        <fieldset class='admin-chips'>
          <legend class='heard'>{words.show}</legend>
          <label><input type='radio' name='side' checked={side === 'after'} onChange={() => setSide('after')} /><span>{words.after}</span></label>
          <label><input type='radio' name='side' checked={side === 'before'} onChange={() => setSide('before')} /><span>{words.before}</span></label>
        </fieldset>
      )}
      <div class='plan-preview-plan'>
        <FloorPlan shapes={shapes} floor={still} label={commonWords().floorTitle(floor.level, floor.name)} textPx={10} chosen={chosen} wanted={isSmallChange && touched.size > 0 ? touched : null} />
      </div>
    </div>
  )
}
