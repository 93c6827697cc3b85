import type { Browser, BrowserContext, Page } from 'playwright-core'
import { setTimeout as pause } from 'node:timers/promises'
import { ADMIN_KEY } from '../../test/harness/admin-key.ts'
import { openBrowser } from '../../test/harness/browser.ts'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import { until } from '../../test/harness/wait.ts'
import type { Row, Table, Terms } from '../report.ts'
import { openChanges, type Changes } from '../stream/changes.ts'
import { benchFloor, perchNode, putFloor } from '../stream/perch-node.ts'
import { openSlowLine } from './slow-line.ts'
import { mainThreadOf, quantile } from './trace.ts'

const SPACES = 2_000
/** Of most storeys. */
const USUAL_SPACES = 150
const CHANGES_PER_SECOND = 100
const THROTTLE = 4
/** Spaces change once each: a space that is out of service already looks the same when it is so again. */
const MEASURED_MS = 12_000
const LINE = { roundTripMs: 150, bitsPerSecond: 1_600_000 }
const VIEWPORT = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }

/** The floor map in a browser: what a busy floor costs it, and how soon it is there. */
export async function benchMap (t: Cleanup, terms: Terms): Promise<Table[]> {
  const perch = await perchNode(t, { floors: 4, spaces: SPACES })
  const browser = await openBrowser(t)
  const changes = openChanges(perch.source)
  t.after(() => changes.close())
  const busy: Row[] = []
  const views = [
    { view: 'whole floor, desktop', floor: 0, size: VIEWPORT, zoom: 0 },
    { view: 'part of it with labels, desktop', floor: 1, size: VIEWPORT, zoom: 4 },
    { view: 'telephone', floor: 2, size: PHONE, zoom: 0 }
  ]
  for (const { view, floor, size, zoom } of views.slice(0, terms.quick ? 1 : views.length)) {
    terms.progress(`${SPACES} spaces, ${CHANGES_PER_SECOND} changes a second: ${view}`)
    busy.push({ view, ...await busyFloor(browser, perch.url, changes, floor, size, zoom, terms.quick ? 4_000 : MEASURED_MS) })
  }
  terms.progress('first load')
  const loads = await firstLoads(t, browser, perch.url, terms.turns ?? (terms.quick ? 1 : 5))
  return [
    {
      title: `A floor of ${SPACES} spaces with ${CHANGES_PER_SECOND} changes a second`,
      about: [
        `Chromium ${browser.version()} without a window, software rendering; CPU throttled ${THROTTLE} times by the DevTools protocol; ${MEASURED_MS / 1_000} s each, traced`,
        'script: all that ran since the frame before, messages and garbage collection included'
      ],
      rows: busy
    },
    { title: 'From the address to the live map', about: [`${LINE.bitsPerSecond / 1e6} Mbit/s and ${LINE.roundTripMs} ms there and back through our own TCP proxy, shared by all connections, with a handshake; medians`], rows: loads }
  ]
}

async function busyFloor (browser: Browser, url: string, changes: Changes, floor: number, size: { width: number, height: number }, zoom: number, measuredMs: number): Promise<Row> {
  const context = await signedIn(browser, size)
  const page = await context.newPage()
  await page.goto(`${url}/map/hq-${floor}`)
  await isLive(page)
  for (let i = 0; i < zoom; i++) {
    await page.getByRole('button', { name: 'Zoom in' }).click()
    await pause(400)
  }
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE })
  let isOn = true
  const making = makeChanges(changes, floor, () => isOn)
  await pause(2_000)
  await browser.startTracing(page, { categories: ['devtools.timeline', 'toplevel', 'disabled-by-default-devtools.timeline', 'v8'] })
  await pause(measuredMs)
  const { script, frames, longestTask, tasksOver50 } = mainThreadOf(await browser.stopTracing())
  isOn = false
  const made = await making
  await context.close()
  return {
    'changes/s': made,
    frames: frames.length,
    'script p50 ms': quantile(script, 0.5),
    'script p95 ms': quantile(script, 0.95),
    'frame to frame p50 ms': quantile(frames, 0.5),
    'p95 ms': quantile(frames, 0.95),
    'longest task ms': longestTask,
    'tasks over 50 ms': tasksOver50
  }
}

/** One every so often, however long an answer takes; how many a second there were. */
async function makeChanges (changes: Changes, floor: number, isOn: () => boolean): Promise<number> {
  const startedAt = performance.now()
  const underWay = new Set<Promise<unknown>>()
  let made = 0
  while (isOn() && made < SPACES) {
    const due = Math.floor((performance.now() - startedAt) / 1_000 * CHANGES_PER_SECOND)
    for (; made < due && underWay.size < 16; made++) {
      const one: Promise<unknown> = changes.one(floor).finally(() => underWay.delete(one))
      underWay.add(one)
    }
    await pause(5)
  }
  await Promise.all(underWay)
  return made / (performance.now() - startedAt) * 1_000
}

async function firstLoads (t: Cleanup, browser: Browser, url: string, turns: number): Promise<Row[]> {
  const line = await openSlowLine(t, url, LINE)
  const rows: Row[] = []
  await putFloor(url, benchFloor('small', USUAL_SPACES))
  for (const { what, at, floor } of [
    { what: `${USUAL_SPACES} spaces, slow line`, at: line.url, floor: 'small' },
    { what: `${SPACES} spaces, slow line`, at: line.url, floor: 'hq-3' },
    { what: `${USUAL_SPACES} spaces, this machine`, at: url, floor: 'small' },
    { what: `${SPACES} spaces, this machine`, at: url, floor: 'hq-3' }
  ]) {
    const first: number[] = []
    const again: number[] = []
    const bytes: number[] = []
    for (let turn = 0; turn < turns; turn++) {
      const context = await signedIn(browser, PHONE)
      const page = await context.newPage()
      line.takeBytes()
      await page.goto(`${at}/map/${floor}`)
      first.push(await isLive(page))
      bytes.push(line.takeBytes())
      await page.goto('about:blank')
      await page.goto(`${at}/map/${floor}`)
      again.push(await isLive(page))
      await context.close()
    }
    rows.push({ floor: what, 'first ms': quantile(first, 0.5), 'KB until then': at === line.url ? quantile(bytes, 0.5) / 1_000 : null, 'from cache ms': quantile(again, 0.5) })
  }
  return rows
}

async function signedIn (browser: Browser, viewport: { width: number, height: number }): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport, locale: 'en-GB' })
  const session = { token: ADMIN_KEY, person: { id: 'admin', name: 'Admin', role: 'admin', site: null } }
  await context.addInitScript({ content: `sessionStorage.setItem('perch.session', ${JSON.stringify(JSON.stringify(session))})` })
  return context
}

/** Milliseconds from the navigation until the plan is drawn with what the server says now. */
async function isLive (page: Page): Promise<number> {
  return await until(async () => await page.evaluate<number | undefined>('performance.getEntriesByName("perch:live")[0]?.startTime'), { what: 'the map is live', withinMs: 60_000, everyMs: 50 })
}
