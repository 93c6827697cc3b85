import { useRef, useState } from 'preact/hooks'
import type { FloorState } from '../../live/floor-state.ts'
import type { FloorPlanned } from '../../live/plans.ts'
import { FreshnessNote } from '../../parts/freshness-note.tsx'
import { Button } from '../../parts/button.tsx'
import { Legend } from '../../parts/legend.tsx'
import type { FloorCanvas } from '../../plan/floor-canvas.ts'
import { FloorPlan } from '../../plan/floor-plan.tsx'
import { commonWords } from '../../words/common.ts'
import { chosenFloor, FloorChoice, NoFloors } from '../floor-choice.tsx'
import { useOffice } from '../office.tsx'
import { useFloor } from '../use-floor.ts'
import { refusalText } from '../words/refusals.ts'
import { spaceWords } from '../words/spaces.ts'
import { BlockForm } from './block-form.tsx'
import { SpaceList } from './space-list.tsx'

/** What stands on a floor, as it is now; out of service and back. */
export function SpacesSection () {
  const words = spaceWords()
  const { floors } = useOffice()
  const floor = chosenFloor(floors)
  return (
    <>
      <h1>{words.title}</h1>
      <p class='admin-lead'>{words.lead}</p>
      {floor === undefined ? <NoFloors /> : <><FloorChoice section='spaces' /><SpacesOf key={floor.id} id={floor.id} /></>}
    </>
  )
}

function SpacesOf ({ id }: { id: string }) {
  const { live, plan, ask } = useFloor(id)
  if (plan.state === 'asking') return <p role='status'>{commonWords().loading}</p>
  if (plan.state === 'refused') return <><p role='alert' class='admin-bad'>{refusalText(plan.error)}</p><Button onClick={ask}>{commonWords().tryAgain}</Button></>
  return <Spaces live={live} planned={plan.planned} />
}

function Spaces ({ live, planned: { floor, shapes } }: { live: FloorState, planned: FloorPlanned }) {
  const words = spaceWords()
  const { sites } = useOffice()
  const [chosen, setChosen] = useState<string | null>(null)
  const canvas = useRef<FloorCanvas | null>(null)
  const site = sites.find(({ id }) => id === floor.site)
  const zone = site?.zone ?? 'UTC'
  const space = floor.spaces.find(one => one.id === chosen)
  // Read so that it renders anew with every change.
  const version = live.version.value
  return (
    <div class='spaces'>
      <div class='spaces-plan'>
        {/* The list beside it does the same by keyboard. */}
        <div class='spaces-canvas' onClick={event => setChosen(canvas.current?.spaceAt({ x: event.offsetX, y: event.offsetY })?.id ?? null)}>
          <FloorPlan shapes={shapes} floor={live.floor} chosen={chosen} textPx={10} label={commonWords().floorTitle(floor.level, floor.name)} onCanvas={drawn => { canvas.current = drawn }} />
        </div>
        <div class='spaces-foot'><Legend /><FreshnessNote freshness={live.freshness.value} zone={zone} /></div>
      </div>
      <div class='spaces-side'>
        {space === undefined
          ? <p class='admin-card admin-hint'>{words.choose}</p>
          : <BlockForm key={space.id} space={space} live={live} zone={zone} siteName={site?.name ?? floor.site} version={version} />}
        <SpaceList spaces={floor.spaces} live={live} version={version} chosen={chosen} onChoose={setChosen} />
      </div>
    </div>
  )
}
