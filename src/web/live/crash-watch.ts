import { pause } from './insist.ts'
import { pageOf } from './new-build.ts'
import { stored } from './stored.ts'

/** Milliseconds. A fault that comes back at once must not keep the screen flashing. */
const FIRST_MS = 5_000
const LONGEST_MS = 5 * 60_000
/** Whoever lived longer than this is no crash loop. */
const WELL_MS = 10 * 60_000

/** How long to wait before the page is loaded anew. `crashes`: so many in a row before this one. */
export function reloadMs (crashes: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** crashes)
}

/**
 * A page that nobody stands by loads itself anew after an exception that nobody caught, later each time, and only when the server answers: a page that is half right is better than the
 * browser's own error. `onCrash`: the first one. The returned function ends it.
 */
export function reloadAfterCrashes (onCrash: (error: unknown) => void): () => void {
  const kept = stored(() => sessionStorage, 'perch.crashes')
  const end = new AbortController()
  const { signal } = end
  const loadedAt = performance.now()
  let crashed = false
  const crash = (error: unknown): void => {
    if (crashed) return
    crashed = true
    onCrash(error)
    const before = performance.now() - loadedAt > WELL_MS ? 0 : Number(kept.get() ?? 0) || 0
    kept.set(String(before + 1))
    comeBack(reloadMs(before), signal).catch(() => {})
  }
  // Said by the browser when something grows while it is measured; nothing is broken.
  addEventListener('error', event => { if (!event.message.startsWith('ResizeObserver')) crash(event.error ?? event.message) }, { signal })
  addEventListener('unhandledrejection', event => crash(event.reason), { signal })
  return () => end.abort()
}

async function comeBack (waitMs: number, signal: AbortSignal): Promise<void> {
  do await pause(waitMs, signal)
  while (await pageOf(signal) === null)
  location.reload()
}
