import { timeText } from '../time/site-time.ts'
import { commonWords } from '../words/common.ts'
import { place } from './place.ts'
import type { Spot } from './spot.ts'
import type { Offer } from './step.ts'
import { kioskWords } from './words.ts'

/** Where a space is: its zone, or its floor where it is in none or on another one. */
export function placeText ({ zone, floor }: Spot): string {
  const title = commonWords().floorTitle(floor.level, floor.name)
  if (floor.id !== place.value?.floor.id) return kioskWords().place(zone, title)
  return zone ?? title
}

/** Where a free desk is, until when, and how far. `zone`: the site's. */
export function offerText ({ spot, distance, next }: Offer, zone: string): string {
  const words = kioskWords()
  return [
    placeText(spot),
    ...next === null ? [] : [words.until(timeText(next, zone))],
    ...distance === null ? [] : [words.away(Math.max(1, Math.round(distance)))]
  ].join(', ')
}
