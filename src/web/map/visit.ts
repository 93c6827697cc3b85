import { signal } from '@preact/signals'
import { NO_FILTER, type Filter } from './filter.ts'
import { pathOf, placeOf, type Place } from './place.ts'
import type { Wish } from './time-bar.ts'

/** What stands beside the plan, or on a phone above its lower edge. */
export type Panel = 'none' | 'space' | 'mine' | 'list' | 'floors' | 'menu'

/** A time that somebody has chosen for a space. `day`: any moment of it; null: today. */
export interface Chosen {
  space: string
  day: number | null
  wish: Wish | null
}

/** What is being done here. It outlives a sign-in that expires: whoever comes back finds it as it was. */
export const place = signal<Place>(placeOf(location.pathname))
export const filter = signal<Filter>(NO_FILTER)
export const panel = signal<Panel>(place.value.space === null ? 'none' : 'space')
export const chosen = signal<Chosen | null>(null)

/** Without what a host around the frame has already. */
export const embedded = new URLSearchParams(location.search).has('embed')

addEventListener('popstate', () => show(placeOf(location.pathname)))

/** Another floor is a step that the browser's back button takes back, another space is not. */
export function go (next: Place): void {
  const path = `${pathOf(next)}${location.search}`
  if (next.floor === place.value.floor || place.value.floor === null) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
  show(next)
}

function show (next: Place): void {
  if (next.space !== place.value.space) chosen.value = null
  place.value = next
  panel.value = next.space === null ? 'none' : 'space'
}

export function chooseSpace (floor: string, space: string | null): void {
  go({ floor, space })
}

export function togglePanel (which: Panel): void {
  panel.value = panel.value === which ? closedPanel() : which
}

export function closePanel (): void {
  if (panel.value === 'space') go({ ...place.value, space: null })
  else panel.value = closedPanel()
}

/** Behind what was opened over it, a chosen space is still chosen. */
function closedPanel (): Panel {
  return place.value.space === null ? 'none' : 'space'
}
