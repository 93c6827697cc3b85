import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { test, type Test } from 'tap'
import { askApi } from '../../src/cli/seed/api.ts'
import type { DeviceBody, DeviceView } from '../../src/protocol/devices.ts'
import { violationsOn } from '../harness/axe.ts'
import { openBrowser, openPage, type OpenPage } from '../harness/browser.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { freePort } from '../harness/ports.ts'
import { until } from '../harness/wait.ts'
import { openHouse, type House } from './house.ts'

const LANDSCAPE = { viewport: { width: 1920, height: 1080 } }
const PORTRAIT = { viewport: { width: 1080, height: 1920 } }
/** Of the screen's shorter side, for a text that is read from six metres; and for what people look for. */
const SMALLEST = 0.024
const LOOKED_FOR = 0.04

interface Hung extends OpenPage {
  device: string
  free (): Promise<number>
}

/** A screen that was paired and hung up in the lobby of the third floor. */
async function hang (t: Cleanup, browser: Browser, { node, api }: House, { options = LANDSCAPE, query = '', url = node.url, body = {} }: { options?: BrowserContextOptions, query?: string, url?: string, body?: Partial<DeviceBody> } = {}): Promise<Hung> {
  const { code, device } = await askApi(api, 'POST', '/v1/devices', { name: 'Lobby', role: 'display', site: 'hq', floor: 'hq-3', point: [40, 22], ...body }) as { code: string, device: string }
  const { token, device: self } = await askApi({ url: node.url, token: null }, 'POST', '/v1/pairings/redeem', { code }) as { token: string, device: object }
  const opened = await openPage(t, browser, { reducedMotion: 'reduce', bypassCSP: true, ...options })
  // Once: what the page keeps from then on is its own.
  await opened.context.addInitScript({ content: `if (!sessionStorage.hung) { sessionStorage.hung = 1; localStorage.setItem('perch.device.display', ${JSON.stringify(JSON.stringify({ device: self, token }))}) }` })
  await opened.page.goto(`${url}/display/${query}`)
  return { ...opened, device, free: async () => Number(await freeOf(opened.page).innerText()) }
}

const freeOf = (page: Page) => page.locator('.display-free strong')

async function isLive (page: Page): Promise<void> {
  await page.locator('.freshness-live').waitFor()
}

/** Every text of the page with its size and whether it is one that people look for. Letters that only screen readers get do not count. */
async function textSizes (page: Page): Promise<Array<{ text: string, px: number, lookedFor: boolean }>> {
  return await page.evaluate(() => {
    const found: Array<{ text: string, px: number, lookedFor: boolean }> = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (parent === null || text === '' || parent.closest('.heard') !== null) continue
      found.push({ text, px: parseFloat(getComputedStyle(parent).fontSize), lookedFor: parent.closest('strong.display-row-number, .display-free strong, .display-free-label > span:first-child, .display-floor-level, h1, time') !== null })
    }
    return found
  })
}

/** Nothing hangs over the edge, and nothing that holds text is cut off downwards. */
async function overflows (page: Page): Promise<string[]> {
  return await page.evaluate(() => [...document.querySelectorAll('.display-sheet > *, .display-card, .display-floors, .display-floor, .display-zones li')].filter(element => {
    const { right, bottom, left, top } = element.getBoundingClientRect()
    return right > innerWidth + 1 || bottom > innerHeight + 1 || left < -1 || top < -1 || element.scrollHeight > element.clientHeight + 2
  }).map(({ className, scrollHeight, clientHeight }) => `${className} ${scrollHeight} of ${clientHeight}`))
}

test('a lobby', async t => {
  // Much of it is waiting: one story while the other waits.
  t.jobs = 2
  const house = await openHouse(t, { floors: ['hq-p', 'hq-0', 'hq-2', 'hq-3'] })
  const browser = await openBrowser(t)
  await Promise.all([
    t.test('in daily life', { buffered: true }, async t => { await dailyLife(t, browser, house) }),
    t.test('in outages', { buffered: true }, async t => { await outages(t, browser, house) })
  ])
})

async function dailyLife (t: Test, browser: Browser, house: House): Promise<void> {
  const { api, node } = house

  await t.test('it shows how many desks are free, where, and on which other floor, and follows what others do', async t => {
    const { page, errors, free, device } = await hang(t, browser, house)
    await isLive(page)
    await page.getByRole('heading', { name: 'Floor 3, Studio' }).waitFor()
    await page.getByText('Rooms').waitFor()
    assert.deepEqual(await page.locator('.display-floor-level').allInnerTexts(), ['3', '2', '0', '−1'])
    const before = await free()
    const { claim } = await askApi(await house.apiAs('anna'), 'POST', '/v1/claims', { space: 'hq-3-d12' }) as { claim: { id: string } }
    await freeOf(page).getByText(String(before - 1)).waitFor()
    await askApi(await house.apiAs('anna'), 'POST', `/v1/claims/${claim.id}/release`, {})
    await freeOf(page).getByText(String(before)).waitFor()
    // Rooms are no desks.
    await askApi(await house.apiAs('anna'), 'POST', '/v1/claims', { space: 'hq-3-r1' })
    await page.getByText('3 of 4 free').waitFor()
    assert.equal(await free(), before)
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    const said = async () => (await askApi(api, 'GET', '/v1/devices') as { devices: DeviceView[] }).devices.find(({ id }) => id === device)
    await until(async () => (await said())?.version === version, { what: 'it has said what it is' })
    assert.equal((await said())?.health, 'ok')
    assert.deepEqual(errors, [])
  })

  for (const [name, options, lang] of [['lying', LANDSCAPE, 'en'], ['in 4K', { viewport: { width: 3840, height: 2160 } }, 'de'], ['upright', PORTRAIT, 'fr'], ['small', { viewport: { width: 1366, height: 768 } }, 'de']] as const) {
    await t.test(`${name} it can be read from six metres, has everything on the screen, and is open to everybody in both themes`, async t => {
      const { page, errors } = await hang(t, browser, house, { options, query: `?lang=${lang}` })
      await isLive(page)
      const side = Math.min(options.viewport.width, options.viewport.height)
      const sizes = await textSizes(page)
      assert.ok(sizes.length > 20)
      assert.deepEqual(sizes.filter(({ px, lookedFor }) => px < side * (lookedFor ? LOOKED_FOR : SMALLEST)), [])
      assert.deepEqual(await overflows(page), [])
      assert.equal(await page.locator('html').getAttribute('lang'), lang)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        assert.deepEqual(await violationsOn(page), [], colorScheme)
      }
      assert.deepEqual(errors, [])
    })
  }

  await t.test('the longest names find room', async t => {
    const { page } = await hang(t, browser, house, { query: '?lang=de&floors=hq-2' })
    const floor = await askApi(api, 'GET', '/v1/floors/hq-2') as { revision: number, name: string, zones: Array<{ id: string, name: string }> }
    const { id, ...rest } = floor as typeof floor & { id: string }
    const names = ['Großraumbüro Nordwest mit Terrasse', 'Kommunikationszone Innenhof', 'Telefonkonferenzbereich Flussseite']
    await askApi(api, 'PUT', `/v1/floors/${id}`, { ...rest, name: 'Rechtsabteilung und Unternehmenskommunikation', zones: floor.zones.map((zone, i) => ({ ...zone, name: names[i] ?? zone.name })) })
    await page.getByRole('heading', { name: 'Etage 2, Rechtsabteilung und Unternehmenskommunikation' }).waitFor()
    await page.getByText(names[0] ?? '').waitFor()
    assert.deepEqual(await overflows(page), [])
    const { revision } = await askApi(api, 'GET', '/v1/floors/hq-2') as { revision: number }
    await askApi(api, 'PUT', `/v1/floors/${id}`, { ...rest, revision })
    await page.getByRole('heading', { name: 'Etage 2, Sales' }).waitFor()
  })

  await t.test('floors take turns, as the address says, in the theme that it says', async t => {
    const { page } = await hang(t, browser, house, { query: '?floors=hq-2,hq-p,hq-9&dwell=5&theme=dark' })
    await page.getByRole('heading', { name: 'Floor 2, Sales' }).waitFor()
    await page.getByRole('heading', { name: 'Floor −1, Parking' }).waitFor()
    await page.getByText('parking spaces free now').waitFor()
    await page.getByRole('heading', { name: 'Floor 2, Sales' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  })

  await t.test('it follows where it is said to stand, and shows how to connect it within two seconds when it is cut off', async t => {
    const { page, device } = await hang(t, browser, house, { query: '?dwell=3600' })
    await page.getByRole('heading', { name: 'Floor 3, Studio' }).waitFor()
    await isLive(page)
    await askApi(api, 'PATCH', `/v1/devices/${device}`, { floor: 'hq-2' })
    await page.getByRole('heading', { name: 'Floor 2, Sales' }).waitFor()
    await isLive(page)
    await askApi(api, 'DELETE', `/v1/devices/${device}`)
    await page.locator('.pairing-code').waitFor({ timeout: 2_000 })
    assert.equal(await page.evaluate(() => localStorage.getItem('perch.device.display')), null)
  })

  await t.test('names are there only where the policy lets displays show them', async t => {
    const { page } = await hang(t, browser, house, { query: '?dwell=3600' })
    const seen: string[] = []
    page.on('websocket', socket => socket.on('framereceived', ({ payload }) => { seen.push(String(payload)) }))
    await page.reload()
    await isLive(page)
    assert.equal(seen.some(text => text.includes('Anna')), false)
    await askApi(api, 'PUT', '/v1/sites/hq', { name: 'St. Gallen', zone: 'Europe/Zurich', policy: { displayNames: true } })
    await until(() => seen.some(text => text.includes('Anna Keller')), { what: 'the name of who has the room is there' })
    await isLive(page)
    seen.length = 0
    await askApi(api, 'PUT', '/v1/sites/hq', { name: 'St. Gallen', zone: 'Europe/Zurich', policy: { displayNames: false } })
    const anew = await until(() => seen.find(text => text.includes('"audience":"anonymous"') && text.includes('hq-3-r1')), { what: 'it is told anew' })
    assert.equal(anew.includes('Anna'), false)
    await isLive(page)
  })

  await t.test('without its plan it says so, and the plan comes by itself', async t => {
    const { page, context } = await hang(t, browser, house, { query: '?dwell=3600' })
    await isLive(page)
    let away = true
    await page.evaluate(async () => { await caches.delete('perch.answers') })
    await context.route('**/v1/floors/hq-3', async route => away ? await route.fulfill({ status: 503, body: 'gone' }) : await route.continue())
    await page.reload()
    await page.getByText('The plan of this floor cannot be loaded').waitFor()
    away = false
    await page.getByRole('img').waitFor()
    await isLive(page)
  })

  await t.test('switched on while the server is away it shows the house that it knows, and says that nothing is heard', async t => {
    const { page, context } = await hang(t, browser, house, { query: '?dwell=3600' })
    await isLive(page)
    await context.route('**/v1/**', async route => { await route.abort() })
    await context.routeWebSocket('**/v1/live', socket => { socket.close().catch(() => {}) })
    await page.reload()
    await page.getByText('No connection at the moment.').waitFor({ timeout: 20_000 })
    await page.getByRole('heading', { name: 'Floor 3, Studio' }).waitFor()
    await page.getByRole('img').waitFor()
    assert.equal(await freeOf(page).count(), 0, 'nothing is said of what is not known')
  })

  await t.test('what was kept by another hand does not break the page: it may be connected anew, also by a code that somebody made', async t => {
    const { page, errors } = await openPage(t, browser, LANDSCAPE)
    await page.addInitScript(() => { if (sessionStorage.getItem('begun') === null) { sessionStorage.setItem('begun', '1'); localStorage.setItem('perch.device.display', '{"device":') } })
    await page.goto(`${node.url}/display/`)
    await page.locator('.pairing-code').waitFor()
    await page.getByRole('button', { name: 'I was given a code' }).press('Enter')
    const field = page.getByLabel('The code that you were given')
    await field.fill('AAAA-AAAA')
    await field.press('Enter')
    await page.getByRole('alert').getByText('This code is not known').waitFor()
    const { code } = await askApi(api, 'POST', '/v1/devices', { name: 'Lobby', role: 'display', site: 'hq', floor: 'hq-3' }) as { code: string }
    await field.fill(code.toLowerCase())
    await page.getByRole('button', { name: 'Connect' }).click()
    await page.getByRole('heading', { name: 'Floor 3, Studio' }).waitFor()
    // The browser itself notes the wrong code.
    assert.deepEqual(errors.filter(text => !text.includes('404')), [])
  })

  await t.test('a code that was refused makes room for another, and the page is open to everybody', async t => {
    const { page } = await openPage(t, browser, { viewport: { width: 390, height: 844 }, bypassCSP: true, reducedMotion: 'reduce' })
    await page.goto(`${node.url}/display/`)
    const code = await page.locator('.pairing-code').innerText()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await violationsOn(page), [], colorScheme)
    }
    await askApi(api, 'POST', `/v1/pairings/${code}/refuse`)
    await page.getByText('This code was refused.').waitFor()
    await page.locator('.pairing-code').waitFor({ timeout: 15_000 })
    assert.notEqual(await page.locator('.pairing-code').innerText(), code)
    await page.route('**/v1/pairings', async route => { await route.fulfill({ status: 429, json: { code: 'RATE_LIMITED', message: 'too many', retry: true, retryAfterMs: 600_000 } }) })
    await page.reload()
    await page.getByText('A new one comes by itself in 10 minutes.').waitFor()
    await page.unroute('**/v1/pairings')
    await page.route('**/v1/pairings', async route => { await route.abort() })
    await page.reload()
    await page.getByText('This screen keeps trying by itself.').waitFor()
    await page.unroute('**/v1/pairings')
    await page.locator('.pairing-code').waitFor({ timeout: 15_000 })
  })

  await t.test('whoever is something else is told so, and sees no floor', async t => {
    const { page } = await hang(t, browser, house, { body: { role: 'kiosk', name: 'Entrance' } })
    await page.getByText('“Entrance” was connected for something else').waitFor()
    assert.equal(await page.getByRole('img').count(), 0)
  })

  await t.test('by night, when the house is closed, it is dark and dim, and takes a new version', async t => {
    const site = { name: 'St. Gallen', zone: 'Europe/Zurich' }
    await askApi(api, 'PUT', '/v1/sites/hq', { ...site, hours: {} })
    const { page, context } = await hang(t, browser, house, { query: '?dwell=3600' })
    await page.locator('.display-dim').waitFor()
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
    await isLive(page)
    assert.deepEqual(await violationsOn(page), [])
    await page.clock.install()
    await page.reload()
    await isLive(page)
    let another = false
    await context.route('**/display/', async route => {
      if (!another || route.request().isNavigationRequest()) return await route.continue()
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/display-[\w-]+\.js/, 'display-of-tomorrow.js') })
    })
    await page.clock.runFor(10 * 60_000)
    let loads = 0
    page.on('load', () => { loads++ })
    another = true
    await until(async () => {
      await page.clock.runFor(60_000).catch(() => {})
      return loads > 0
    }, { what: 'the page is loaded anew', withinMs: 20_000, everyMs: 50 })
    await askApi(api, 'PUT', '/v1/sites/hq', { ...site, hours: null })
  })

  await t.test('what nobody caught loads the page anew', async t => {
    const { page } = await hang(t, browser, house)
    await isLive(page)
    const loaded = page.waitForEvent('load')
    await page.evaluate(() => { setTimeout(() => { throw new Error('a fault of the page') }) })
    await loaded
    await isLive(page)
  })
}

/** On the floor that nobody else counts on. */
async function outages (t: Test, browser: Browser, house: House): Promise<void> {
  const PORT = String(await freePort())
  const mortal = await house.startNode({ PORT })
  const { page, context, free, errors } = await hang(t, browser, house, { url: mortal.url, query: '?dwell=3600', body: { floor: 'hq-0', point: null } })
  await isLive(page)
  const before = await free()

  await t.test('killed, its server leaves it saying since when it is not up to date: it loses its colour and keeps its numbers', async () => {
    await mortal.kill('SIGKILL')
    await page.locator('.display-strip').getByText(/^Not updated since \d\d:\d\d$/).waitFor({ timeout: 20_000 })
    assert.equal(await page.locator('.display-stale').first().isVisible(), true)
    assert.equal(await free(), before)
    const [number, ink] = await page.evaluate(() => [getComputedStyle(document.querySelector('.display-free strong') ?? document.body).color, getComputedStyle(document.documentElement).getPropertyValue('--free')])
    assert.notEqual(number, ink)
    const sizes = await textSizes(page)
    assert.deepEqual(sizes.filter(({ px }) => px < 1080 * SMALLEST), [])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      assert.deepEqual(await violationsOn(page), [], colorScheme)
    }
    await askApi(await house.apiAs('bruno'), 'POST', '/v1/claims', { space: 'hq-0-d12' })
  })

  await t.test('it goes on by itself once the server is back, with what happened meanwhile', async () => {
    await house.startNode({ PORT })
    await page.locator('.freshness-live').waitFor({ timeout: 40_000 })
    assert.equal(await free(), before - 1)
  })

  await t.test('the same with a network that is cut', async () => {
    await context.setOffline(true)
    await page.locator('.display-strip').waitFor({ timeout: 40_000 })
    await context.setOffline(false)
    await page.locator('.freshness-live').waitFor({ timeout: 40_000 })
    assert.equal(await free(), before - 1)
    assert.deepEqual(errors.filter(text => !text.includes('net::') && !text.includes('WebSocket')), [])
  })
}
