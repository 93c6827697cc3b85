import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { DemoAtNine } from './demo-at-nine.ts'
import type { Size, Subject, Viewer } from './shots.ts'

export type Theme = 'light' | 'dark'

export interface Conditions {
  /** Default: the subject's own. */
  locale?: string
  /** The server refuses to say anything about the office. Default: it answers. */
  refused?: boolean
}

/** Pages wait for ten seconds before they say that nothing is heard. */
const GIVES_UP_MS = 15_000

/** Opens pages as they look to somebody, at the demo's time. */
export class Camera {
  readonly #browser: Browser
  readonly #demo: DemoAtNine
  readonly #kept = new Map<string, Promise<string>>()

  constructor (browser: Browser, demo: DemoAtNine) {
    this.#browser = browser
    this.#demo = demo
  }

  /** The page has come to rest. Whoever asked for it closes its context. */
  async open (subject: Subject, size: Size, theme: Theme, { locale = subject.locale ?? 'en-GB', refused = false }: Conditions = {}): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: size.width, height: size.height },
      deviceScaleFactor: size.ratio ?? 1,
      colorScheme: theme,
      locale,
      serviceWorkers: 'block',
      reducedMotion: 'reduce'
    })
    await context.addInitScript({ content: shiftedClock(this.#demo.offMs) })
    await this.#become(context, subject.viewer)
    if (refused) await refuse(context)
    const page = await context.newPage()
    await page.goto(this.#demo.url + subject.path)
    if (refused) await page.waitForTimeout(GIVES_UP_MS)
    else await subject.prepare?.(page)
    await page.waitForLoadState('networkidle').catch(() => {})
    return page
  }

  /** What they have shown once is kept: a new token each would soon be too many. */
  async #become (context: BrowserContext, viewer: Viewer): Promise<void> {
    if (viewer === null) return
    const name = JSON.stringify(viewer)
    const kept = this.#kept.get(name) ?? this.#credentials(viewer)
    this.#kept.set(name, kept)
    const [storage, key] = 'device' in viewer ? ['localStorage', `perch.device.${viewer.device}`] : ['sessionStorage', 'perch.session']
    await context.addInitScript({ content: `${storage}.setItem('${key}', ${JSON.stringify(await kept)})` })
  }

  async #credentials (viewer: Exclude<Viewer, null>): Promise<string> {
    if ('device' in viewer) return await this.#demo.device({ name: viewer.device === 'kiosk' ? 'Entrance' : 'Lobby', role: viewer.device, site: 'hq', floor: 'hq-3', point: [40, 22] })
    const answer = await fetch(`${this.#demo.url}/dev/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ person: viewer.person }) })
    return await answer.text()
  }
}

/** As a proxy in front of a server that is away. */
async function refuse (context: BrowserContext): Promise<void> {
  await context.route(/\/v1\//, async route => { await route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ code: 'UNAVAILABLE', message: 'try again', retry: true }) }) })
  await context.routeWebSocket(/\/v1\/live/, socket => { socket.close({ code: 1001 }).catch(() => {}) })
}

function shiftedClock (offMs: number): string {
  return `{
    const Real = Date
    globalThis.Date = class Date extends Real {
      constructor (...given) { if (given.length === 0) super(Real.now() + ${offMs}); else super(...given) }
      static now () { return Real.now() + ${offMs} }
    }
  }`
}
