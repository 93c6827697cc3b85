import { Button } from '../parts/button.tsx'
import type { OpenCounter } from './counter.ts'
import { Heading } from './heading.tsx'
import { offerText } from './offer-text.ts'
import { place } from './place.ts'
import type { Step } from './step.ts'
import { kioskWords } from './words.ts'

/** They have said what they came for; now who they are. */
export function AskBadge ({ counter: { visit, connection, offers }, step: { wish } }: { counter: OpenCounter, step: Extract<Step, { at: 'badge' }> }) {
  const words = kioskWords()
  const [nearest] = offers.value
  return (
    <>
      <header>
        <Heading>{words.showBadge[wish]}</Heading>
        <p class='kiosk-how'>{words.showBadge.how}</p>
      </header>
      {wish === 'desk' && nearest !== undefined && <p class='kiosk-spot'><strong>{nearest.spot.label}</strong><span>{offerText(nearest, place.value?.site.zone ?? 'UTC')}</span></p>}
      <div class='kiosk-buttons'>
        {connection.value.state !== 'stale' && <Button onClick={() => visit.askName(wish)}>{words.ratherByName}</Button>}
        <Button look='quiet' onClick={() => visit.end()}>{words.back}</Button>
      </div>
    </>
  )
}
