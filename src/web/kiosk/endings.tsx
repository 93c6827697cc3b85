import type { ComponentChildren } from 'preact'
import { Button } from '../parts/button.tsx'
import { timeText } from '../time/site-time.ts'
import type { OpenCounter } from './counter.ts'
import { givenName } from './greeted.tsx'
import { Heading } from './heading.tsx'
import { placeText } from './offer-text.ts'
import { place } from './place.ts'
import { problemText } from './problem-text.ts'
import type { Problem } from './problem.ts'
import type { Step } from './step.ts'
import { kioskWords } from './words.ts'

/** It is done. */
export function Over ({ counter, step: { person, done } }: { counter: OpenCounter, step: Extract<Step, { at: 'done' }> }) {
  const { outcome: words, until } = kioskWords()
  const name = givenName(person.name)
  if (done.what === 'released') {
    return <Ending counter={counter} title={words.released(name)}><p class='kiosk-how'>{done.spot === null ? words.allFree : words.freeAgain(done.spot.label)}</p></Ending>
  }
  const { spot, claim, persisted } = done
  return (
    <Ending counter={counter} title={words.checkedIn(name)}>
      <p class='kiosk-spot'><strong>{spot.label}</strong><span>{placeText(spot)}, {until(timeText(claim.to, zoneHere()))}</span></p>
      {spot.floor.id === place.value?.floor.id && <p class='kiosk-how'>{words.onPlan}</p>}
      {!persisted && <p class='kiosk-how'>{words.confirming}</p>}
    </Ending>
  )
}

/** It will be done. */
export function Noted ({ counter, step: { what, spot, since } }: { counter: OpenCounter, step: Extract<Step, { at: 'noted' }> }) {
  const { noted: words } = kioskWords()
  const text = what === 'desk' ? words.desk(spot?.label ?? '') : words[what]
  return <Ending counter={counter} title={words.title(timeText(since, zoneHere()))}><p class='kiosk-how'>{text}</p><p class='kiosk-how'>{words.yourApp}</p></Ending>
}

/** It is not done, and why. */
export function Sorry ({ counter, problem }: { counter: OpenCounter, problem: Problem }) {
  const words = kioskWords()
  const byName = problem.code === 'BADGE_UNKNOWN' && counter.connection.value.state !== 'stale'
  return (
    <Ending counter={counter} title={words.sorry} instead={byName && <Button look='main' onClick={() => counter.visit.askName('greet')}>{words.byName}</Button>}>
      <p class='kiosk-how kiosk-problem'>{problemText(words, problem, zoneHere())}</p>
    </Ending>
  )
}

function Ending ({ counter: { visit }, title, instead = null, children }: { counter: OpenCounter, title: string, instead?: ComponentChildren, children: ComponentChildren }) {
  return (
    <>
      <header><Heading>{title}</Heading></header>
      {children}
      <div class='kiosk-buttons'>{instead}<Button onClick={() => visit.end()}>{kioskWords().done}</Button></div>
    </>
  )
}

function zoneHere (): string {
  return place.value?.site.zone ?? 'UTC'
}
