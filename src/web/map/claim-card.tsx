import { useState } from 'preact/hooks'
import type { ClaimView } from '../../protocol/claim.ts'
import type { SiteView } from '../../protocol/site.ts'
import { Button } from '../parts/button.tsx'
import { dayText, timeText } from '../time/site-time.ts'
import { isSameDay } from '../time/site-clock.ts'
import { openSpan, rulesOf } from './day.ts'
import type { Deeds } from './deeds.ts'
import type { OfficeLine } from './office-line.ts'
import { quarterFrom, STEP_MS } from './time-bar.ts'
import { chooseSpace } from './visit.ts'
import { whenText } from './when-text.ts'
import { mapWords } from './words/words.ts'
import './claim-card.css'

export interface ClaimCardProps {
  claim: ClaimView
  line: OfficeLine
  deeds: Deeds
  site: SiteView
  /** Beside the space itself: its name and the way to it are there already. */
  isOnSheet?: boolean
}

/** A claim of one's own, and what can be done with it. */
export function ClaimCard ({ claim, line, deeds, site, isOnSheet = false }: ClaimCardProps) {
  const words = mapWords()
  const now = line.now.value
  const { zone } = site
  const opensAt = Date.parse(claim.from) - rulesOf(site).checkInEarlyMs
  const isAsking = deeds.asking.value.has(claim.id)
  const day = isSameDay(claim.from, now, zone) ? words.today : dayText(claim.from, zone)
  return (
    <article class='claim-card'>
      <header>
        <div>
          {!isOnSheet && <h3>{line.atlas.label(claim.space)}</h3>}
          <p><strong>{isOnSheet ? `${words.yours}: ` : ''}{day}, {words.fromTo(timeText(claim.from, zone), isSameDay(claim.from, claim.to, zone) ? timeText(claim.to, zone) : whenText(claim.to, now, zone))}</strong></p>
          <p class='claim-note'>{claim.state === 'present' ? words.here : opensAt > now ? words.checkInFrom(whenText(opensAt, now, zone)) : claim.releaseAt === undefined ? null : words.checkInBy(timeText(claim.releaseAt, zone))}</p>
        </div>
      </header>
      <EndOfClaim claim={claim} line={line} deeds={deeds} site={site} />
      <div class='claim-deeds'>
        {claim.state === 'booked' && opensAt <= now && <Button look='main' disabled={isAsking} onClick={() => { deeds.checkIn(claim) }}>{words.checkIn}</Button>}
        <Button disabled={isAsking} onClick={() => { deeds.release(claim) }}>{words.release}</Button>
        {!isOnSheet && <Button onClick={() => chooseSpace(claim.floor, claim.space)}>{words.showOnMap}</Button>}
      </div>
    </article>
  )
}

/** Shorter or longer, in steps, as long as the house is open. */
function EndOfClaim ({ claim, line, deeds, site }: ClaimCardProps) {
  const words = mapWords()
  const [chosen, setChosen] = useState<number | null>(null)
  const now = line.now.value
  const to = Date.parse(claim.to)
  const closes = openSpan(site, claim.from, now)?.to ?? to
  const ends = endsOf(Math.max(Date.parse(claim.from), now), Math.max(to, closes), to)
  const id = `end-${claim.id}`
  return (
    <div class='claim-end'>
      <label for={id}>{words.until}</label>
      <select id={id} value={String(chosen ?? to)} onChange={event => setChosen(Number(event.currentTarget.value))}>
        {ends.map(at => <option key={at} value={String(at)}>{timeText(at, site.zone)}</option>)}
      </select>
      {chosen !== null && chosen !== to && <Button look='main' disabled={deeds.asking.value.has(claim.id)} onClick={() => { deeds.change(claim, claim.space, { to: new Date(chosen) }).finally(() => setChosen(null)) }}>{words.change}</Button>}
    </div>
  )
}

function endsOf (from: number, latest: number, now: number): number[] {
  const ends: number[] = []
  for (let at = quarterFrom(from + 1); at <= latest; at += STEP_MS) ends.push(at)
  return ends.includes(now) ? ends : [...ends, now].sort((a, b) => a - b)
}
