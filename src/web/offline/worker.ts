import type { PageFiles } from './page-files.ts'
import { PageStore } from './page-store.ts'
import type { TakeOver } from './take-over.ts'

/** What a service worker has that a page has not: the compiler knows pages here. */
interface WorkerScope {
  readonly registration: { readonly scope: string }
  readonly clients: { claim (): Promise<void> }
  skipWaiting (): Promise<void>
  addEventListener (type: 'install' | 'activate', listener: (event: { waitUntil (until: Promise<unknown>): void }) => void): void
  addEventListener (type: 'fetch', listener: (event: { request: Request, respondWith (answer: Promise<Response>): void }) => void): void
  addEventListener (type: 'message', listener: (event: { data: unknown }) => void): void
}

/** Put in by the build, by the page's address. */
declare const PERCH_PAGES: Readonly<Record<string, PageFiles>>

const worker = globalThis as unknown as WorkerScope
const page = PERCH_PAGES[new URL(worker.registration.scope).pathname]
if (page === undefined) throw new Error('there is no such page')

const store = new PageStore(page, {
  caches,
  fetch: async (address, options) => await fetch(address, options),
  hash: async content => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', content)), byte => byte.toString(16).padStart(2, '0')).join(''),
  rest: async ms => { await new Promise(resolve => setTimeout(resolve, ms)) }
})

worker.addEventListener('install', event => event.waitUntil(store.fill()))
worker.addEventListener('activate', event => event.waitUntil(store.tidy().then(async () => await worker.clients.claim())))
worker.addEventListener('message', ({ data }) => { if (data === ('take over' satisfies TakeOver)) worker.skipWaiting().catch(() => {}) })
worker.addEventListener('fetch', event => {
  const answer = store.answer(event.request, location.origin)
  if (answer !== null) event.respondWith(answer)
})
