import { Button } from '../parts/button.tsx'
import { timeText } from '../time/site-time.ts'
import type { OpenCounter } from './counter.ts'
import { Heading } from './heading.tsx'
import { place } from './place.ts'
import { kioskWords } from './words.ts'

/** A badge was read that nobody can look up now: what is noted is theirs to say. */
export function CutOff ({ counter: { visit, offers, floor } }: { counter: OpenCounter }) {
  const words = kioskWords()
  const zone = place.value?.site.zone ?? 'UTC'
  const [nearest] = offers.value
  const freshness = floor.value?.freshness.value
  const note = (what: 'arrive' | 'leave' | 'desk') => () => { visit.note(what).catch(reportError) }
  return (
    <>
      <header>
        <Heading>{words.cutOff.title}</Heading>
        <p class='kiosk-how'>{words.cutOff.text}</p>
      </header>
      <div class='kiosk-actions'>
        <button type='button' class='kiosk-action kiosk-action-main' onClick={note('arrive')}><strong>{words.cutOff.arrive}</strong></button>
        <button type='button' class='kiosk-action' onClick={note('leave')}><strong>{words.cutOff.leave}</strong></button>
        {nearest !== undefined && (
          <button type='button' class='kiosk-action' onClick={note('desk')}>
            <strong>{words.cutOff.desk(nearest.spot.label)}</strong>{freshness?.state === 'stale' && <span>{words.cutOff.asOf(timeText(freshness.since, zone))}</span>}
          </button>
        )}
      </div>
      <div class='kiosk-buttons'><Button look='quiet' onClick={() => visit.end()}>{words.back}</Button></div>
    </>
  )
}
