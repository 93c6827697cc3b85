import type { Claim } from '../../client/index.ts'
import { Button } from '../parts/button.tsx'
import { minutesOfDay, timeText } from '../time/site-time.ts'
import type { OpenCounter } from './counter.ts'
import { Heading } from './heading.tsx'
import { offerText, placeText } from './offer-text.ts'
import { partOfDay } from './part-of-day.ts'
import { place } from './place.ts'
import { problemText } from './problem-text.ts'
import type { Held, Offer, Step } from './step.ts'
import { kioskWords } from './words.ts'

type PersonStep = Extract<Step, { at: 'person' }>

/** Milliseconds, where the site says nothing else: as PROTOCOL.md has it. */
const EARLY_MS = 15 * 60_000
/** As many as can be taken in at a glance. */
const MOST_OFFERS = 3

/** Somebody is there: what they have today, and what they could have. */
export function Greeted ({ counter, step }: { counter: OpenCounter, step: PersonStep }) {
  const words = kioskWords()
  const { visit, line } = counter
  const { person, held, problem } = step
  const zone = place.value?.site.zone ?? 'UTC'
  const now = line.perch.now()
  const hasOne = held.some(({ claim }) => claim.kind === 'desk' && (claim.state === 'present' || opensAt(claim) <= now))
  const offers = (step.offers ?? counter.offers.value).slice(0, MOST_OFFERS)
  return (
    <>
      <header>
        <Heading>{words.greeting(partOfDay(minutesOfDay(now, zone)), givenName(person.name))}</Heading>
        {problem !== null && <p class='kiosk-how kiosk-problem' role='status'>{problemText(words, problem, zone)}</p>}
      </header>
      {held.length > 0 && <h2>{words.today}</h2>}
      <ul class='kiosk-held'>{held.map(one => <li key={one.claim.id}><HeldClaim counter={counter} step={step} held={one} now={now} zone={zone} main={one === held.find(({ claim }) => claim.state === 'booked')} /></li>)}</ul>
      {!hasOne && offers.length > 0 && (
        <>
          <h2>{step.offers !== null ? words.alsoFree : held.length === 0 && problem === null ? words.nothingBooked : words.alsoFree}</h2>
          <ul class='kiosk-offers'>{offers.map((offer, i) => <li key={offer.spot.space}><OfferButton offer={offer} zone={zone} main={i === 0} onClick={() => { visit.take(person, offer, visit.nextOf(held)).catch(reportError) }} /></li>)}</ul>
        </>
      )}
      {!hasOne && offers.length === 0 && problem?.code !== 'NO_DESK' && <p class='kiosk-how'>{problemText(words, { code: 'NO_DESK' }, zone)}</p>}
      <div class='kiosk-buttons'><Button look='quiet' onClick={() => visit.end()}>{words.done}</Button></div>
    </>
  )
}

interface HeldProps {
  counter: OpenCounter
  step: PersonStep
  held: Held
  now: number
  zone: string
  main: boolean
}

function HeldClaim ({ counter: { visit }, step: { person }, held, now, zone, main }: HeldProps) {
  const words = kioskWords()
  const { claim, spot } = held
  const [from, to] = [timeText(claim.from, zone), timeText(claim.to, zone)]
  const opens = opensAt(claim)
  const state = claim.state === 'present' ? `${words.checkedIn}, ${words.until(to)}` : words.span(from, to)
  return (
    <div class='kiosk-claim'>
      <p><strong>{spot.label}</strong> <span>{placeText(spot)}</span><br /><span>{state}{claim.state === 'booked' && opens > now && `, ${words.opensAt(timeText(opens, zone))}`}</span></p>
      <div class='kiosk-claim-buttons'>
        {claim.state === 'booked' && opens <= now && <Button look={main ? 'main' : 'plain'} onClick={() => { visit.checkIn(person, held).catch(reportError) }}>{words.checkIn}</Button>}
        <Button look='plain' onClick={() => { visit.release(person, held).catch(reportError) }}>{words.release}</Button>
      </div>
    </div>
  )
}

function OfferButton ({ offer, zone, main, onClick }: { offer: Offer, zone: string, main: boolean, onClick: () => void }) {
  return <button type='button' class={`kiosk-action${main ? ' kiosk-action-main' : ''}`} onClick={onClick}><strong>{offer.spot.label}</strong><span>{offerText(offer, zone)}</span></button>
}

/** Unix milliseconds. */
function opensAt ({ from }: Claim): number {
  return Date.parse(from) - (place.value?.site.policy.checkInEarlyMs ?? EARLY_MS)
}

/** Kiosks stand where others pass: the first name has to do. */
export function givenName (name: string): string {
  return name.trim().split(/\s+/)[0] ?? name
}
