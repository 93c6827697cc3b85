import { useEffect } from 'preact/hooks'
import { isHeardOf } from '../live/floor-state.ts'
import { minutesOfDay, timeText } from '../time/site-time.ts'
import { commonWords } from '../words/common.ts'
import type { OpenCounter } from './counter.ts'
import { LanguageChoice } from './language-choice.tsx'
import { partOfDay } from './part-of-day.ts'
import { place } from './place.ts'
import { useMinute } from './use-minute.ts'
import { kioskWords } from './words.ts'

/** While nobody is there. */
export function Welcome ({ counter }: { counter: OpenCounter }) {
  const words = kioskWords()
  const { visit, connection, line } = counter
  const zone = place.value?.site.zone ?? 'UTC'
  const now = useMinute(() => line.perch.now())
  useEffect(() => counter.unmet.pass(zone), [now])
  const cutOff = connection.value.state === 'stale'
  return (
    <div class='kiosk-step kiosk-welcome'>
      <header>
        <h1>{words.greeting(partOfDay(minutesOfDay(now, zone)), null)} {words.badgeIn}</h1>
        <p class='kiosk-how'>{words.howTo}</p>
      </header>
      <div class='kiosk-actions'>
        <Action main name={words.giveDesk} note={nearestText(counter, zone)} disabled={counter.offers.value.length === 0} onClick={() => visit.askBadge('desk')} />
        <Action name={words.byName} note={cutOff ? words.needsConnection : words.withPin} disabled={cutOff} onClick={() => visit.askName('greet')} />
        <Action name={words.leaving} note={words.releaseMine} onClick={() => visit.askBadge('leave')} />
      </div>
      <footer>
        <LanguageChoice onChoice={() => counter.touch('touching')} />
        <Notes counter={counter} />
      </footer>
    </div>
  )
}

interface ActionProps {
  name: string
  note: string
  main?: boolean
  disabled?: boolean
  onClick: () => void
}

function Action ({ name, note, main = false, disabled = false, onClick }: ActionProps) {
  return <button type='button' class={`kiosk-action${main ? ' kiosk-action-main' : ''}`} disabled={disabled} onClick={onClick}><strong>{name}</strong><span>{note}</span></button>
}

/** What waits to be sent, and what came to nothing: for whoever looks after the kiosk, and nobody's name. */
function Notes ({ counter: { waiting, unmet } }: { counter: OpenCounter }) {
  const words = kioskWords()
  return (
    <p class='kiosk-notes' role='status'>
      {waiting.value > 0 && <span class='kiosk-notes-waiting'>{words.waiting(waiting.value)}</span>}
      {unmet.count.value > 0 && <span class='kiosk-notes-unmet'>{words.notDone(unmet.count.value)}</span>}
    </p>
  )
}

function nearestText ({ offers, floor, connection }: OpenCounter, zone: string): string {
  const words = kioskWords()
  const [nearest] = offers.value
  const freshness = floor.value?.freshness.value
  if (nearest === undefined && (place.value === null || !isHeardOf(floor.value))) return connection.value.state === 'stale' ? words.needsConnection : commonWords().loading
  if (nearest === undefined) return words.noneFree
  return freshness?.state === 'stale' ? words.nearestWas(nearest.spot.label, timeText(freshness.since, zone)) : words.nearestIs(nearest.spot.label)
}
