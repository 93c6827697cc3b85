import { useEffect, useState } from 'preact/hooks'
import type { FloorView } from '../../../protocol/plan.ts'
import { Button } from '../../parts/button.tsx'
import { commonWords } from '../../words/common.ts'
import { chosenFloor, floorName } from '../floor-choice.tsx'
import { useOffice } from '../office.tsx'
import { go, route } from '../route.ts'
import { planWords } from '../words/plans.ts'
import { refusalText } from '../words/refusals.ts'
import { ImportDesk } from './import-desk.tsx'
import { NEW_FLOOR, NewFloor } from './new-floor.tsx'
import type { Target } from './plan-import.ts'

/** Plans come in as files, are looked at beside what is there, and then hold. */
export function PlansSection () {
  const words = planWords()
  const { floors, sites } = useOffice()
  const [target, setTarget] = useState<Target | null>(null)
  const isNew = route.value.floor === NEW_FLOOR || floors.length === 0
  const floor = isNew ? undefined : chosenFloor(floors)
  return (
    <>
      <h1>{words.title}</h1>
      <p class='admin-lead'>{words.lead}</p>
      <label class='admin-choice'>
        <span>{words.forFloor}</span>
        <select class='field' value={floor?.id ?? NEW_FLOOR} onChange={event => { setTarget(null); go({ section: 'plans', floor: event.currentTarget.value }, { replace: true }) }}>
          {floors.map(one => <option key={one.id} value={one.id}>{floorName(one, sites)}</option>)}
          <option value={NEW_FLOOR}>{words.newFloor}</option>
        </select>
      </label>
      {floor === undefined
        ? <NewFloor onTarget={setTarget} />
        : <ExistingFloor key={floor.id} id={floor.id} onTarget={setTarget} />}
      {target !== null && <ImportDesk key={target.id} target={target} onTarget={setTarget} />}
    </>
  )
}

function ExistingFloor ({ id, onTarget }: { id: string, onTarget: (target: Target) => void }) {
  const { api } = useOffice()
  const [error, setError] = useState<unknown>(null)
  const ask = (): void => {
    setError(null)
    api.ask<FloorView>('GET', `/v1/floors/${encodeURIComponent(id)}`).then(before => onTarget({ id, site: before.site, name: before.name, level: before.level, before }), setError)
  }
  useEffect(ask, [id])
  return error === null ? null : <><p role='alert' class='admin-bad'>{refusalText(error)}</p><Button onClick={ask}>{commonWords().tryAgain}</Button></>
}
