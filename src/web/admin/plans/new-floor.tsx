import { useEffect, useState } from 'preact/hooks'
import { isId } from '../../../domain/ids.ts'
import { useOffice } from '../office.tsx'
import { planWords } from '../words/plans.ts'
import type { Target } from './plan-import.ts'

/** In the address, in place of a floor's id: no id begins so. */
export const NEW_FLOOR = '_new'

/** What has to be known of a floor beside its plan. */
export function NewFloor ({ onTarget }: { onTarget: (target: Target | null) => void }) {
  const words = planWords()
  const { sites, floors } = useOffice()
  const [id, setId] = useState('')
  const [site, setSite] = useState(sites[0]?.id ?? '')
  const [name, setName] = useState('')
  const [level, setLevel] = useState(0)
  const taken = floors.some(floor => floor.id === id)
  const whole = isId(id) && !taken && site !== '' && name.trim() !== '' && Number.isInteger(level)
  useEffect(() => onTarget(whole ? { id, site, name: name.trim(), level, before: null } : null), [id, site, name, level])
  return (
    <div class='admin-card admin-form'>
      <h2>{words.newFloor}</h2>
      <div class='admin-row'>
        <label><span>{words.floorName}</span><input class='field' maxLength={120} value={name} placeholder={words.floorNameExample} onInput={event => setName(event.currentTarget.value)} /></label>
        <label><span>{words.level}</span><input class='field' type='number' min={-50} max={300} value={level} onInput={event => setLevel(event.currentTarget.valueAsNumber)} /></label>
        <label><span>{words.floorId}</span><input class='field' value={id} maxLength={64} placeholder='hq-4' aria-invalid={taken} aria-describedby='floor-id-how' onInput={event => setId(event.currentTarget.value.trim())} /></label>
        {sites.length > 1 && <label><span>{words.site}</span><select class='field' value={site} onChange={event => setSite(event.currentTarget.value)}>{sites.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label>}
      </div>
      <p id='floor-id-how' class={taken ? 'admin-bad' : 'admin-hint'}>{taken ? words.floorIdTaken : words.floorIdHow}</p>
    </div>
  )
}
