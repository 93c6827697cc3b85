import { commonWords } from '../words/common.ts'
import { Bar } from './bar.tsx'
import { foldZones, type Occupancy, type Tally } from './occupancy.ts'
import { RollingNumber } from './rolling-number.tsx'
import { displayWords } from './words.ts'
import './free-card.css'

/** How many are free on the floor that is shown, and where. `hint`: what helps when there is none; null: nothing does. */
export function FreeCard ({ floor, occupancy, zonesAtMost, hint }: { floor: string, occupancy: Occupancy, zonesAtMost: number, hint: string | null }) {
  const words = displayWords()
  const main = occupancy.main
  const { free } = occupancy.mainTally
  const label = main === 'desk' ? commonWords().desksFree(free) : words.freeNow[main](free)
  const more = free === 0 ? hint : occupancy.mainTally.brief === 0 ? null : commonWords().freeBriefly(occupancy.mainTally.brief)
  return (
    <section class='display-card'>
      <p class={`display-free ${free === 0 ? 'display-free-none' : free > 99 ? 'display-free-large' : ''}`}>
        <strong><RollingNumber value={free} of={floor} /></strong>
        <span class='display-free-label'><span>{label}</span>{more !== null && <span class='display-free-more'>{more}</span>}</span>
      </p>
      <Zones key={floor} zones={occupancy.zones} most={zonesAtMost} />
    </section>
  )
}

function Zones ({ zones, most }: { zones: Occupancy['zones'], most: number }) {
  const words = displayWords()
  // One zone alone says what the big number says.
  if (zones.length < 2) return null
  const { shown, rest } = foldZones(zones, most)
  return (
    <>
      <h2 class='heard'>{words.zones}</h2>
      <ul class='display-zones'>
        {shown.map(({ id, name, tally }) => <Zone key={id} name={name} tally={tally} />)}
        {rest !== null && <Zone key='' name={words.moreZones(rest.zones)} tally={rest.tally} />}
      </ul>
    </>
  )
}

function Zone ({ name, tally }: { name: string, tally: Tally }) {
  return (
    <li class='display-row'>
      <span class='display-row-name'>{name}</span>
      <Bar tally={tally} />
      <strong class='display-row-number'><RollingNumber value={tally.free} of={name} /></strong>
    </li>
  )
}
