/**
 * Does a lobby display that nobody ever looks after grow, or slow down? `node --import tsx bench/display-week/main.ts [days]`, after a build. A real page in a real browser lives
 * through days within minutes: its clock and its server are inside it (in-page.js), and all that it draws is drawn. Per day: the heap after garbage was collected, and what scripts took,
 * that server's own work included.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from '../../test/harness/browser.ts'
import { hqFloors } from '../../src/cli/seed/hq.ts'
import { Random } from '../../src/cli/seed/random.ts'
import { reportText, type Row } from '../report.ts'
import { describeMachine } from '../machine.ts'
import { slopeOf } from './slope.ts'

const WEB = fileURLToPath(new URL('../../dist/web', import.meta.url))
const IN_PAGE = fileURLToPath(new URL('./in-page.js', import.meta.url))
const ORIGIN = 'http://display.invalid'
/** A quarter of the pixels of a real one: the page is laid out the same, and filling them is no work of scripts. */
const SCREEN = { width: 960, height: 540 }
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Seven days, and the one before, in which all that is made once is made. */
const DAYS = 8
/** Of 630 spaces: each desk is taken and left some three times. */
const CHANGES_A_DAY = 4_000
const MOST_MB_A_DAY = 1

const closers: Array<() => unknown> = []
const t = { after: (close: () => unknown) => { closers.unshift(close) } }

interface Figures {
  changes: number
  frames: number
  connections: number
  outages: number
  plans: number
  calls: number
}

function week (): string {
  const floors = hqFloors(new Random(7)).map(floor => ({ summary: { id: floor.id, site: 'hq', name: floor.name, level: floor.level, revision: 1, spaces: floor.spaces.length }, floor: { ...floor, revision: 1 } }))
  const site = { id: 'hq', name: 'St. Gallen', zone: 'Europe/Zurich', hours: Object.fromEntries([1, 2, 3, 4, 5].map(day => [day, { opens: '06:30', closes: '20:00' }])), policy: {} }
  const device = { id: 'lobby', name: 'Lobby', role: 'display', site: 'hq', floor: 'hq-3', point: [40, 22] }
  return `globalThis.week = ${JSON.stringify({ startAt: Date.parse('2026-03-02T05:00:00Z'), floors, site, device, changesADay: CHANGES_A_DAY, dayMs: DAY_MS })}
    localStorage.setItem('perch.device.display', ${JSON.stringify(JSON.stringify({ device, token: 'a-token' }))})`
}

async function live (days: number): Promise<Row[]> {
  const browser = await openBrowser(t)
  const context = await browser.newContext({ viewport: SCREEN })
  await context.route(`${ORIGIN}/**`, async route => {
    const { pathname } = new URL(route.request().url())
    await route.fulfill({ path: join(WEB, pathname.endsWith('/') ? `${pathname}index.html` : pathname) })
  })
  await context.addInitScript({ content: week() })
  await context.addInitScript({ path: IN_PAGE })
  // What styles move takes real time, and there is no time at all between two moves of the picture here: it would never come to rest.
  await context.addInitScript({ content: "addEventListener('DOMContentLoaded', () => document.head.append(Object.assign(document.createElement('style'), { textContent: '* { transition: none !important; animation: none !important }' })))" })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', error => errors.push(String(error.stack)))
  page.on('framenavigated', () => errors.push('the page was loaded'))
  await page.goto(`${ORIGIN}/display/`)
  errors.length = 0
  const devtools = await context.newCDPSession(page)
  await devtools.send('Performance.enable')
  const measure = async () => {
    for (let i = 0; i < 2; i++) await devtools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await devtools.send('Runtime.getHeapUsage')
    const { metrics } = await devtools.send('Performance.getMetrics')
    const metric = (name: string): number => metrics.find(known => known.name === name)?.value ?? NaN
    const figures = await page.evaluate('perchWeek.figures()') as Figures
    return { heapMb: usedSize / 2 ** 20, scriptS: metric('ScriptDuration'), nodes: metric('Nodes'), listeners: metric('JSEventListeners'), ...figures }
  }
  const rows: Row[] = []
  let before = await measure()
  for (let day = 1; day <= days; day++) {
    for (let hour = 0; hour < DAY_MS / HOUR_MS; hour++) await page.evaluate(`perchWeek.run(${HOUR_MS})`)
    const after = await measure()
    if (errors.length > 0) throw new Error(`on day ${day}: ${errors.join('\n')}`)
    const changes = after.changes - before.changes
    rows.push({
      day,
      'heap MB': after.heapMb,
      'script s': after.scriptS - before.scriptS,
      'script ms/change': (after.scriptS - before.scriptS) * 1_000 / changes,
      changes,
      connections: after.connections - before.connections,
      outages: after.outages - before.outages,
      'plans drawn anew': after.plans - before.plans,
      calls: after.calls - before.calls,
      'DOM nodes': after.nodes,
      listeners: after.listeners
    })
    process.stderr.write(`day ${day}: ${after.heapMb.toFixed(2)} MB, ${(after.scriptS - before.scriptS).toFixed(1)} s\n`)
    before = after
  }
  return rows
}

async function main (): Promise<void> {
  const days = Number(process.argv[2] ?? DAYS)
  await readFile(join(WEB, 'index.html')).catch(() => { throw new Error('the pages are not built: npm run build') })
  const rows = await live(days)
  const slope = slopeOf(rows.slice(1).map(row => ({ x: Number(row['day']), y: Number(row['heap MB']) })))
  const about = [`a display of seven floors, 960x540, ${CHANGES_A_DAY.toLocaleString('en-US')} changes a day, rotating; heap after garbage was collected`, `after the first day the heap grows by ${slope.toFixed(3)} MB a day (at most ${MOST_MB_A_DAY})`]
  console.log(reportText({ bench: 'display-week', quick: days < DAYS, at: new Date().toISOString(), machine: describeMachine(), tables: [{ title: 'A display over simulated days', about, rows }] }))
  if (slope > MOST_MB_A_DAY) process.exitCode = 1
}

await main().finally(async () => { for (const close of closers) await close() })
