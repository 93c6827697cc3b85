import type { TakeOver } from './take-over.ts'

/** Milliseconds between two looks for a new version, and between two looks whether it may take over. */
const LOOK_MS = 15 * 60_000
const ASK_MS = 60_000

/**
 * Keeps a page's files on the device, so that it begins without its server. A new version is stored beside the one that runs, and takes its place, with a reload, when
 * `mayReload` says that nobody would mind. Where a browser has no service workers (plain http) nothing is kept. The returned function ends the looking.
 */
export function keepOffline (page: '/kiosk/' | '/display/', mayReload: () => boolean): () => void {
  if (!('serviceWorker' in navigator)) return () => {}
  const { serviceWorker } = navigator
  let registration: ServiceWorkerRegistration | null = null
  // The first one that takes over finds the page as it is.
  let controlled = serviceWorker.controller !== null
  const taken = (): void => {
    if (controlled) location.reload()
    controlled = true
  }
  const ask = (): void => { if (mayReload()) registration?.waiting?.postMessage('take over' satisfies TakeOver) }
  // Not reached, or between two versions: the next time.
  const look = (): void => { registration?.update().catch(() => {}) }
  serviceWorker.addEventListener('controllerchange', taken)
  serviceWorker.register('/offline.js', { scope: page, updateViaCache: 'none' }).then(told => { registration = told }, () => {})
  const timers = [setInterval(look, LOOK_MS), setInterval(ask, ASK_MS)]
  return () => {
    serviceWorker.removeEventListener('controllerchange', taken)
    for (const timer of timers) clearInterval(timer)
  }
}
