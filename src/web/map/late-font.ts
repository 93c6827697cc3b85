import { stored } from '../live/stored.ts'

const kept = stored(() => localStorage, 'perch.font')
const root = document.documentElement

/**
 * On the very first visit the typeface is fetched after the first live picture, since it would go before it over the same slow line (`npm run bench -- map`); until then the device's own
 * has to do. From then on it is in the browser's cache, and there from the beginning.
 */
export function waitForFont (): void {
  if (kept.get() === null) root.classList.add('font-later')
}

export function fetchFont (): void {
  kept.set('kept')
  root.classList.remove('font-later')
}
