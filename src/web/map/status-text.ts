import type { Space } from '../../client/index.ts'
import type { MapWords } from './words/map-words.ts'

/** How it is with a space, in words, as short as on a sign. `time`: on the site's clock, with the day where it is another one. */
export function statusText (view: Space | undefined, words: MapWords, time: (at: string) => string): string {
  if (view === undefined) return words.unknownNow
  switch (view.status) {
    case 'free':
      return view.next === undefined ? words.freeNow : view.brief === true ? words.freeBrieflyUntil(time(view.next)) : words.freeUntil(time(view.next))
    case 'reserved':
      return view.until === undefined ? words.reservedNow : words.reservedUntil(time(view.until))
    case 'occupied':
      if (view.by === 'reading') return words.occupiedByReading
      return view.until === undefined ? words.occupiedNow : words.occupiedUntil(time(view.until))
    case 'blocked':
      return view.until === undefined ? words.blockedNow : words.blockedUntil(time(view.until))
    case 'unknown':
      return words.unknownNow
  }
}

/** It is asked for or granted, and not yet for good. */
export function isUnsettled (view: Space | undefined): boolean {
  return view !== undefined && (view.pending !== undefined || view.provisional === true)
}
