import { useMemo, useState } from 'preact/hooks'
import { SPACE_KINDS, type SpaceKind } from '../../../domain/space.ts'
import type { FloorView } from '../../../protocol/plan.ts'
import { Button } from '../../parts/button.tsx'
import { commonWords } from '../../words/common.ts'
import { chosenFloor, FloorChoice, NoFloors } from '../floor-choice.tsx'
import { useOffice } from '../office.tsx'
import { useFloor } from '../use-floor.ts'
import { labelWords } from '../words/labels.ts'
import { refusalText } from '../words/refusals.ts'
import { spaceWords } from '../words/spaces.ts'
import { PER_SHEET, Sheets } from './sheets.tsx'

/** Labels to stick on desks and doors. */
export function LabelsSection () {
  const words = labelWords()
  const { floors } = useOffice()
  const floor = chosenFloor(floors)
  return (
    <>
      <h1>{words.title}</h1>
      <p class='admin-lead'>{words.lead}</p>
      {floor === undefined ? <NoFloors /> : <LabelsOf key={floor.id} id={floor.id} />}
    </>
  )
}

function LabelsOf ({ id }: { id: string }) {
  const { plan, ask } = useFloor(id)
  return (
    <>
      {plan.state !== 'known' && <FloorChoice section='labels' />}
      {plan.state === 'asking' && <p role='status'>{commonWords().loading}</p>}
      {plan.state === 'refused' && <><p role='alert' class='admin-bad'>{refusalText(plan.error)}</p><Button onClick={ask}>{commonWords().tryAgain}</Button></>}
      {plan.state === 'known' && <Labels floor={plan.planned.floor} />}
    </>
  )
}

function Labels ({ floor }: { floor: FloorView }) {
  const words = labelWords()
  const { kinds } = spaceWords()
  const [zone, setZone] = useState('')
  const [kind, setKind] = useState<SpaceKind | ''>(floor.spaces.some(space => space.kind === 'desk') ? 'desk' : '')
  const shown = useMemo(() => floor.spaces.filter(space => !(space.sensorOnly ?? false) && (zone === '' || space.zone === zone) && (kind === '' || space.kind === kind)), [floor, zone, kind])
  const there = SPACE_KINDS.filter(one => floor.spaces.some(space => space.kind === one))
  return (
    <>
      <div class='admin-row labels-choice'>
        <FloorChoice section='labels' />
        <label class='admin-choice'>
          <span>{words.zone}</span>
          <select class='field' value={zone} onChange={event => setZone(event.currentTarget.value)}>
            <option value=''>{words.allZones}</option>
            {floor.zones.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </label>
        <label class='admin-choice'>
          <span>{words.kind}</span>
          <select class='field' value={kind} onChange={event => setKind(there.find(one => one === event.currentTarget.value) ?? '')}>
            <option value=''>{words.allKinds}</option>
            {there.map(one => <option key={one} value={one}>{kinds[one]}</option>)}
          </select>
        </label>
      </div>
      <div class='admin-row labels-print'>
        <Button look='main' disabled={shown.length === 0} onClick={() => window.print()}>{words.print}</Button>
        <p role='status'>{shown.length === 0 ? words.none : words.count(shown.length, Math.ceil(shown.length / PER_SHEET))}</p>
        <p class='admin-hint'>{words.printHow}</p>
      </div>
      <Sheets floor={floor} spaces={shown} />
    </>
  )
}
