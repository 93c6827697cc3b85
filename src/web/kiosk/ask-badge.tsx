import { Button } from '../parts/button.tsx'
import type { OpenCounter } from './counter.ts'
import { Heading } from './heading.tsx'
import type { Step } from './step.ts'
import { kioskWords } from './words.ts'

/** They have said what they came for; now who they are. */
export function AskBadge ({ counter: { visit, connection }, step: { wish } }: { counter: OpenCounter, step: Extract<Step, { at: 'badge' }> }) {
  const words = kioskWords()
  return (
    <>
      <header>
        <Heading>{words.showBadge[wish]}</Heading>
        <p class='kiosk-how'>{words.showBadge.how}</p>
      </header>
      <div class='kiosk-buttons'>
        {connection.value.state !== 'stale' && <Button onClick={() => visit.askName(wish)}>{words.ratherByName}</Button>}
        <Button look='quiet' onClick={() => visit.end()}>{words.back}</Button>
      </div>
    </>
  )
}
