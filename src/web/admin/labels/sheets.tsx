import type { FloorView } from '../../../protocol/plan.ts'
import { qrPath } from '../../parts/qr-path.ts'
import { commonWords } from '../../words/common.ts'
import { labelWords } from '../words/labels.ts'
import './sheets.css'

/** Three columns of eight: 70 × 37 mm each, which is the whole of an A4 sheet and can be bought as such. */
export const PER_SHEET = 24

type Space = FloorView['spaces'][number]

/** As they come out of the printer. */
export function Sheets ({ floor, spaces }: { floor: FloorView, spaces: readonly Space[] }) {
  const sheets = Array.from({ length: Math.ceil(spaces.length / PER_SHEET) }, (_, i) => spaces.slice(i * PER_SHEET, (i + 1) * PER_SHEET))
  return <div class='sheets'>{sheets.map((part, i) => <ul key={i} class='sheet'>{part.map(space => <li key={space.id}><Label floor={floor} space={space} /></li>)}</ul>)}</div>
}

function Label ({ floor, space: { id, label, zone } }: { floor: FloorView, space: Space }) {
  const { size, path } = qrPath(`${location.origin}/map/${encodeURIComponent(floor.id)}/${encodeURIComponent(id)}`)
  return (
    <div class='label'>
      <svg viewBox={`0 0 ${size} ${size}`} shape-rendering='crispEdges' role='img' aria-label={label}><path d={path} /></svg>
      <div>
        <strong class={label.length > 9 ? 'label-long' : ''}>{label}</strong>
        <span>{commonWords().floorTitle(floor.level, floor.name)}</span>
        <span>{floor.zones.find(one => one.id === zone)?.name}</span>
        <small>{labelWords().scan}</small>
      </div>
    </div>
  )
}
