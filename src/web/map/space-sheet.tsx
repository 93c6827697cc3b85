import { useState } from 'preact/hooks'
import { DAY } from '../../domain/time.ts'
import type { ClaimView } from '../../protocol/claim.ts'
import type { SiteView } from '../../protocol/site.ts'
import type { FloorState } from '../live/floor-state.ts'
import type { FloorPlanned } from '../live/plans.ts'
import { Button } from '../parts/button.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import type { SpaceShape } from '../plan/shapes.ts'
import { onDayOf } from '../time/site-clock.ts'
import { dayText, timeText } from '../time/site-time.ts'
import { ClaimCard } from './claim-card.tsx'
import { openSpan, rulesOf } from './day.ts'
import type { Deeds } from './deeds.ts'
import type { OfficeLine } from './office-line.ts'
import { isUnsettled, statusText } from './status-text.ts'
import { barOf, stillWished, type Bar, type Wish } from './time-bar.ts'
import { TimeSlider } from './time-slider.tsx'
import { useSpace } from './use-space.ts'
import { chosen } from './visit.ts'
import { whenText } from './when-text.ts'
import { featureText } from './words/map-words.ts'
import { mapWords } from './words/words.ts'
import './space-sheet.css'

export interface SpaceSheetProps {
  line: OfficeLine
  deeds: Deeds
  site: SiteView
  state: FloorState
  planned: FloorPlanned
  space: SpaceShape
}

/** What there is to know of a space, and to do about it. */
export function SpaceSheet ({ line, deeds, site, state, planned, space }: SpaceSheetProps) {
  const words = mapWords()
  const view = useSpace(state.floor, space.id)
  const now = line.now.value
  const mine = (line.mine.value.claims ?? []).filter(claim => claim.space === space.id)
  const live = state.freshness.value.state === 'live'
  const facts = [words.kinds[space.kind], ...space.features.map(feature => featureText(words, feature))].join(', ')
  const next = view?.status !== 'free' && view?.next !== undefined ? words.nextAt(whenText(view.next, now, site.zone)) : null
  const isSensorOnly = planned.floor.spaces.find(({ id }) => id === space.id)?.sensorOnly === true
  return (
    <section class='space-sheet' aria-labelledby='space-title'>
      <h2 id='space-title' tabIndex={-1}><StatusMark status={view?.status ?? 'unknown'} />{space.label}</h2>
      <p class='space-status' role='status'>
        <strong>{statusText(view, words, at => whenText(at, now, site.zone))}</strong>
        {view?.occupant !== undefined && <>. {view.occupant.name}</>}
        {next !== null && <>. {next}</>}
        {isUnsettled(view) && <em class='space-unsettled'>{live ? words.confirming : words.waiting}</em>}
      </p>
      <p class='space-facts'>{facts}</p>
      {mine.map(claim => <ClaimCard key={claim.id} claim={claim} line={line} deeds={deeds} site={site} isOnSheet />)}
      {isSensorOnly
        ? <p>{words.sensorOnly}</p>
        : mine.length === 0
          ? <ClaimForm line={line} deeds={deeds} site={site} state={state} space={space} mine={mine} />
          : <details class='claim-more'><summary>{words.anotherTime}</summary><ClaimForm line={line} deeds={deeds} site={site} state={state} space={space} mine={mine} /></details>}
    </section>
  )
}

type ClaimFormProps = Pick<SpaceSheetProps, 'line' | 'deeds' | 'site' | 'state' | 'space'> & { mine: readonly ClaimView[] }

/** Chooses a time on a day, and claims it. */
function ClaimForm ({ line, deeds, site, state, space, mine }: ClaimFormProps) {
  const words = mapWords()
  const view = useSpace(state.floor, space.id)
  const [known, setKnown] = useState<{ key: string, claims: readonly ClaimView[] } | null>(null)
  const now = line.now.value
  const policy = rulesOf(site)
  const choice = chosen.value?.space === space.id ? chosen.value : null
  const day = choice?.day ?? now
  const today = choice?.day === undefined || choice.day === null
  const shown = openSpan(site, day, now)
  const key = `${space.id} ${+onDayOf(day, site.zone, 0)}`
  const bar = shown === null || view === undefined
    ? null
    : barOf({ shown, now, view, mine, today, known: known?.key === key ? known.claims.filter(claim => !mine.some(own => own.id === claim.id)) : null })
  const wish = bar === null ? null : stillWished(bar, choice?.wish ?? null, policy)
  const isAsking = deeds.asking.value.has(space.id)
  const choose = (next: { day?: number | null, wish?: Wish | null }): void => {
    chosen.value = { space: space.id, day: today ? null : day, wish: null, ...next }
  }
  const claim = (): void => {
    if (wish === null) return
    deeds.claim(state.floor.id, { space: space.id, to: new Date(wish.to), ...wish.from !== null && { from: new Date(wish.from) } }, today)
  }
  const lookUp = (): void => {
    const [from, to] = [+onDayOf(day, site.zone, 0), +onDayOf(day, site.zone, 24 * 60)].map(at => new Date(at).toISOString())
    line.api.ask<{ claims: ClaimView[] }>('GET', `/v1/claims?space=${encodeURIComponent(space.id)}&from=${from}&to=${to}`).then(({ claims }) => setKnown({ key, claims: claims.filter(({ state }) => state !== 'ended') }), () => {})
  }
  const most = now + policy.horizonMs
  return (
    <div class='claim-form'>
      <div class='claim-day'>
        <Button look='quiet' aria-label={words.dayBefore} disabled={today} onClick={() => choose({ day: nextDay(day, -1, now, site.zone) })}>‹</Button>
        <span aria-live='polite'>{dayName(day, now, site.zone)}</span>
        <Button look='quiet' aria-label={words.dayAfter} disabled={day + DAY > most} onClick={() => choose({ day: nextDay(day, 1, now, site.zone) })}>›</Button>
      </div>
      {bar === null && shown === null && <p class='claim-note'>{words.closedThatDay}</p>}
      {bar !== null && <TimeSlider bar={bar} wish={wish} zone={site.zone} longestStayMs={policy.longestStayMs} today={today} onWish={next => choose({ wish: next })} />}
      {bar !== null && wish === null && <p class='claim-note'>{words.nothingLeft}</p>}
      {!today && bar !== null && known?.key !== key && <p class='claim-note'>{words.otherDay}</p>}
      {state.freshness.value.state === 'stale' && <p class='claim-note'>{words.staleWaits}</p>}
      {wish !== null && bar !== null && <Button look='main' disabled={isAsking} onClick={claim}>{isAsking ? words.asking : claimText(wish, today, bar, site.zone)}</Button>}
      {line.isManager && known?.key !== key && <Button look='quiet' onClick={lookUp}>{words.wholeDay}</Button>}
    </div>
  )

  function claimText (of: Wish, isToday: boolean, { now: at }: Bar, zone: string): string {
    const to = timeText(of.to, zone)
    if (isToday && of.from === null) return words.claimUntil(to)
    return words.claimFromTo(timeText(of.from ?? at, zone), to)
  }
}

function dayName (day: number, now: number, zone: string): string {
  const words = mapWords()
  const days = Math.round((+onDayOf(day, zone, 0) - +onDayOf(now, zone, 0)) / DAY)
  return days === 0 ? words.today : days === 1 ? words.tomorrow : dayText(day, zone)
}

/** Null is today. At noon, so that summer time skips no day. */
function nextDay (day: number, by: 1 | -1, now: number, zone: string): number | null {
  const next = +onDayOf(+onDayOf(day, zone, 12 * 60) + by * DAY, zone, 12 * 60)
  return +onDayOf(next, zone, 0) <= +onDayOf(now, zone, 0) ? null : next
}
