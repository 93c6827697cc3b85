import { existsSync } from 'node:fs'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import type { Cleanup } from './cleanup.ts'

/** Where Debian and others put it; `CHROMIUM` names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A real browser without a window. @throws Error where there is none */
export async function openBrowser (t: Cleanup): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM'] ?? '', ...PLACES].find(path => path !== '' && existsSync(path))
  if (executablePath === undefined) throw new Error('there is no Chromium here: scripts/install-test-tools installs it, or set CHROMIUM')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'] })
  t.after(async () => { await browser.close() })
  return browser
}

/** A page of a browser of its own: no other one's storage. */
export interface OpenPage {
  page: Page
  context: BrowserContext
  /** What a person with the developer's tools open would see in red: each has to be expected or mended. */
  errors: string[]
}

export async function openPage (t: Cleanup, browser: Browser, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options })
  t.after(async () => { await context.close() })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', message => { if (message.type() === 'error') errors.push(message.text()) })
  page.on('pageerror', error => { errors.push(error.stack ?? String(error)) })
  return { page, context, errors }
}
