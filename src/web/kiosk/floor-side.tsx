import type { Device } from '../live/device.ts'
import { isHeardOf } from '../live/floor-state.ts'
import { FreshnessNote } from '../parts/freshness-note.tsx'
import { FloorPlan } from '../plan/floor-plan.tsx'
import { timeText } from '../time/site-time.ts'
import { commonWords, numberText } from '../words/common.ts'
import type { OpenCounter } from './counter.ts'
import { MapCode } from './map-code.tsx'
import { place } from './place.ts'
import type { Offer, Step } from './step.ts'
import { useMinute } from './use-minute.ts'
import './floor-side.css'

/** What is free here, as on the display: a number, then where. */
export function FloorSide ({ counter, device }: { counter: OpenCounter, device: Device }) {
  const words = commonWords()
  const { visit, line, floor, offers, connection } = counter
  const now = useMinute(() => line.perch.now())
  const { value: here } = place
  const { value: state } = floor
  if (here === null) return <section class='kiosk-floor'><p role='status'>{connection.value.state === 'stale' ? words.offline : words.loading}</p></section>
  const zone = here.site.zone
  const title = words.floorTitle(here.floor.level, here.floor.name)
  const stale = connection.value.state === 'stale' || state?.freshness.value.state === 'stale'
  const free = isHeardOf(state) ? offers.value.length : null
  return (
    <section class={`kiosk-floor${stale ? ' kiosk-floor-stale' : ''}`} aria-label={title}>
      <header><p>{title}</p><time>{timeText(now, zone)}</time></header>
      <p class='kiosk-count'><strong>{free === null ? '–' : numberText(free)}</strong> <span>{words.desksFree(free ?? 0)}</span></p>
      {state !== null && state.floor.id === here.floor.id && (
        <div class='kiosk-plan'>
          <FloorPlan
            shapes={here.shapes} floor={state.floor} label={title} chosen={chosenIn(visit.step.value, offers.value[0], here.floor.id)} textPx={12} margin={2}
            here={device.point === null ? null : { name: words.youAreHere, x: device.point[0], y: -device.point[1] }}
          />
        </div>
      )}
      <footer>
        <MapCode floor={here.floor.id} />
        <FreshnessNote freshness={state?.freshness.value ?? connection.value} zone={zone} />
      </footer>
    </section>
  )
}

/** The space that is spoken of, to be found on the plan. */
function chosenIn (step: Step, nearest: Offer | undefined, floor: string): string | null {
  const spot = step.at === 'done' ? step.done.spot : step.at === 'noted' ? step.spot : step.at === 'badge' && step.wish === 'desk' ? nearest?.spot : null
  return spot?.floor.id === floor ? spot.space : null
}
