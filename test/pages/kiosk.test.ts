import assert from 'node:assert/strict'
import { test } from 'tap'
import { askApi } from '../../src/cli/seed/api.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { DeviceView } from '../../src/protocol/devices.ts'
import type { FloorView } from '../../src/protocol/plan.ts'
import { inMinutes } from '../e2e/installation.ts'
import { openLink } from '../faults/link.ts'
import { openBrowser, openPage } from '../harness/browser.ts'
import { freePort } from '../harness/ports.ts'
import { until } from '../harness/wait.ts'
import { approve, openHouse } from './house.ts'
import { assertAccessible, assertLargeEnough, isQueueKept, readBadge, tracesOf } from './kiosk-page.ts'

const [ANNA, BRUNO, CLAIRE] = ['04A2C901', '04A2C902', '04A2C903'] as const
const KIOSK = { name: 'Entrance', role: 'kiosk', floor: 'hq-3', point: [34, 20] } as const
/** So short that a test can see it pass, and longer than what passes between two steps. */
const GRACE_MS = 8_000

test('a kiosk at the entrance', async t => {
  const port = await freePort()
  const house = await openHouse(t, { floors: ['hq-3'], env: { PORT: String(port) } })
  const { api } = house
  let { node } = house
  const link = await openLink(port)
  t.after(async () => { await link.close() })
  const browser = await openBrowser(t)
  const { page, context } = await openPage(t, browser, { viewport: { width: 1280, height: 800 }, hasTouch: true })
  const address = `http://127.0.0.1:${link.port}/kiosk/`
  const floor = await askApi(api, 'GET', '/v1/floors/hq-3') as FloorView
  const labelOf = (space: string): string => floor.spaces.find(({ id }) => id === space)?.label ?? ''
  const spaceOf = (label: string): string => floor.spaces.find(other => other.label === label)?.id ?? ''
  const claimsOf = async (person: string): Promise<ClaimView[]> => (await askApi(api, 'GET', `/v1/claims?person=${person}`) as { claims: ClaimView[] }).claims.filter(({ state }) => state !== 'ended')
  const claim = async (space: string, person: string, more: object = {}): Promise<ClaimView> => (await askApi(api, 'POST', '/v1/claims', { space, person, ...more }) as { claim: ClaimView }).claim
  const giveBack = async (person: string): Promise<void> => { for (const { id } of await claimsOf(person)) await askApi(api, 'POST', `/v1/claims/${id}/release`, {}) }
  const heading = page.getByRole('heading', { level: 1 })
  const says = async (text: string | RegExp): Promise<void> => { await heading.filter({ hasText: text }).waitFor() }
  const press = async (name: string | RegExp): Promise<void> => { await page.getByRole('button', { name }).first().click() }
  const isIdle = async (): Promise<void> => { await says('Badge in to check in.') }
  const nearest = async (): Promise<string> => (await page.getByRole('button', { name: /Give me a free desk/ }).innerText()).match(/\d-[A-Z]-\d+/)?.[0] ?? ''

  await t.test('shows a code, is approved, and greets', async () => {
    await page.goto(address)
    await approve(api, await page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/).innerText(), KIOSK)
    await isIdle()
    await page.getByText(/nearest: 3-/).waitFor()
    await page.evaluate(async () => { await navigator.serviceWorker.ready })
    await assertLargeEnough(page, 'idle')
  })

  await t.test('switched on where nothing is heard from the server it says so, and not that nothing is free', async () => {
    const kept = await page.evaluate(() => localStorage.getItem('perch.device.kiosk'))
    const { page: other, context } = await openPage(t, browser, { viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' })
    await context.addInitScript({ content: `localStorage.setItem('perch.device.kiosk', ${JSON.stringify(kept)})` })
    await context.route('**/v1/**', async route => { await route.abort() })
    await context.routeWebSocket('**/v1/live', socket => { socket.close().catch(() => {}) })
    await other.goto(address)
    await other.getByRole('button', { name: /Give me a free desk.*not while we are offline/s }).waitFor({ timeout: 20_000 })
    await other.getByText('No connection').waitFor()
    assert.equal(await other.getByText('none free just now').count(), 0)
    await context.close()
  })

  await t.test('checks in to a desk that was booked, with a badge and one tap, and forgets who it was', async () => {
    const booked = await claim('hq-3-d12', 'anna', { from: inMinutes(5), to: inMinutes(90) })
    await readBadge(page, ANNA)
    await says(/, Anna\.$/)
    assert.equal(await page.locator('h1').evaluate(element => element === document.activeElement), true, 'it is read out')
    await assertAccessible(page, 'somebody is greeted')
    await assertLargeEnough(page, 'somebody is greeted')
    await press('Check in')
    await says('You are checked in, Anna.')
    await page.getByText(labelOf('hq-3-d12')).first().waitFor()
    assert.equal((await claimsOf('anna')).find(({ id }) => id === booked.id)?.state, 'present')
    // Nobody touches it.
    await until(async () => await page.getByText('Badge in to check in.').count() > 0, { what: 'it is idle again', withinMs: 20_000, everyMs: 100 })
    const traces = await tracesOf(page)
    for (const trace of ['Anna', 'anna', ANNA]) assert.ok(!traces.includes(trace), trace)
    assert.equal(await isQueueKept(page), false)
  })

  await t.test('offers the nearest desks to who has booked nothing, and follows what others do meanwhile', async () => {
    const first = await nearest()
    await readBadge(page, BRUNO)
    await says(/, Bruno\.$/)
    await page.getByRole('button', { name: new RegExp(`^${first}`) }).waitFor()
    await askApi(await house.apiAs('claire'), 'POST', '/v1/claims', { space: spaceOf(first) })
    await page.getByRole('button', { name: new RegExp(`^${first}`) }).waitFor({ state: 'detached' })
    const second = (await page.locator('.kiosk-offers strong').first().innerText()).trim()
    await page.locator('.kiosk-offers button').first().click()
    await says('You are checked in, Bruno.')
    const [held] = await claimsOf('bruno')
    assert.deepEqual([held?.space, held?.state], [spaceOf(second), 'present'])
    await press('Done')
  })

  await t.test('gives a desk with one tap and a badge, and takes it back with one tap and a badge', async () => {
    await giveBack('claire')
    const free = Number(await page.locator('.kiosk-count strong').innerText())
    await press(/Give me a free desk/)
    await says('A desk for you.')
    await readBadge(page, CLAIRE)
    await says('You are checked in, Claire.')
    await page.locator('.kiosk-count strong', { hasText: String(free - 1) }).waitFor()
    await press('Done')
    await press(/I am leaving/)
    await readBadge(page, CLAIRE)
    await says('Goodbye, Claire.')
    assert.deepEqual(await claimsOf('claire'), [])
    await press('Done')
    await press(/I am leaving/)
    await readBadge(page, CLAIRE)
    await page.getByText('there is nothing to give back').waitFor()
    await readBadge(page, 'FFFFFFFF')
    await page.getByText('We do not know this badge yet.').waitFor()
    await press('Done')
  })

  await t.test('finds somebody by name and PIN, by keys alone; says no more of a wrong PIN than that, and rests after five', async () => {
    await askApi(api, 'PUT', '/v1/people/maximiliane/pin', { pin: '4711' })
    await page.getByRole('button', { name: /Find me by name/ }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.kiosk-field:focus').waitFor()
    await page.keyboard.type('hen', { delay: 90 })
    await page.getByText('Nobody by that name.').waitFor()
    for (let i = 0; i < 3; i++) await press('Delete')
    for (const letter of 'max') await page.getByRole('button', { name: letter, exact: true }).click()
    await page.getByRole('button', { name: /Maximiliane Freifrau/ }).waitFor()
    await assertAccessible(page, 'names are looked for')
    await assertLargeEnough(page, 'names are looked for')
    await page.getByRole('button', { name: /Maximiliane Freifrau/ }).focus()
    await page.keyboard.press('Enter')
    await says('Hello, Maximiliane.')
    await assertAccessible(page, 'a PIN is asked for')
    for (let tries = 1; tries < 5; tries++) {
      await page.keyboard.type('4712', { delay: 90 })
      await page.keyboard.press('Enter')
      await page.getByText('This PIN does not match.').waitFor()
      await until(async () => await page.locator('.kiosk-dot-full').count() === 0, { what: 'the next try begins anew' })
    }
    for (const figure of '4712') await page.getByRole('button', { name: figure, exact: true }).click()
    await press('Continue')
    await page.getByText('Your PIN rests for a quarter of an hour.').waitFor()
    await press('Done')
    await askApi(api, 'PUT', '/v1/people/maximiliane/pin', { pin: '4711' })
    await press(/Find me by name/)
    await page.locator('.kiosk-field:focus').waitFor()
    await page.keyboard.type('max', { delay: 90 })
    await press(/Maximiliane Freifrau/)
    for (const figure of '4711') await page.getByRole('button', { name: figure, exact: true }).click()
    await press('Continue')
    await says(/, Maximiliane\.$/)
    await page.locator('.kiosk-offers button').first().click()
    await says('You are checked in, Maximiliane.')
    await press('Done')
    await giveBack('maximiliane')
  })

  await t.test('speaks three languages for who chose one, and its own to the next; and all can be used in both themes', async () => {
    for (const [name, title] of [['Deutsch', 'Einchecken mit dem Ausweis.'], ['Français', 'Badgez pour vous enregistrer.'], ['English', 'Badge in to check in.']] as const) {
      await press(name)
      await says(title)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await assertAccessible(page, `${name}, ${colorScheme}`)
      }
    }
    await press('Deutsch')
    await page.getByRole('button', { name: /Ich gehe/ }).click()
    await says('Bis bald.')
    await press('Zurück')
    await isIdle()
    await page.emulateMedia({ colorScheme: 'light' })
  })

  await t.test('notes a badge while the server is away, also when it is loaded anew meanwhile, and checks in as of then', async () => {
    await giveBack('anna')
    const booked = await claim('hq-3-d20', 'anna', { to: inMinutes(60) })
    const { page: display } = await openPage(t, browser)
    await display.goto(`http://127.0.0.1:${link.port}/display/`)
    await display.evaluate(async () => { await navigator.serviceWorker.ready })
    await node.kill('SIGKILL')
    await readBadge(page, ANNA)
    await says('Your badge was read.')
    await assertAccessible(page, 'the server is away')
    await press('I am here')
    await says(/^Noted at \d\d:\d\d\.$/)
    const noted = Date.now()
    assert.equal(await isQueueKept(page), true)
    assert.ok(!(await tracesOf(page)).includes(ANNA), 'what is kept is sealed')
    await page.goto(address)
    await isIdle()
    await page.getByText('1 noted, to be sent').waitFor()
    await display.goto(`http://127.0.0.1:${link.port}/display/`)
    await display.getByRole('heading').first().waitFor()
    await display.context().close()
    await page.getByText('Floor 3, Studio').first().waitFor()
    await until(() => Date.now() > noted + 3_000, { what: 'it is later by then' })
    const started = Date.now()
    node = await house.startNode()
    await until(async () => (await claimsOf('anna')).find(({ id }) => id === booked.id)?.state === 'present', { what: 'she is checked in', withinMs: 40_000, everyMs: 100 })
    const { checkedInAt = '' } = (await claimsOf('anna')).find(({ id }) => id === booked.id) ?? {}
    assert.ok(Date.parse(checkedInAt) <= noted + 1_000 && Date.parse(checkedInAt) < started, `${checkedInAt}, noted ${new Date(noted).toISOString()}, back ${new Date(started).toISOString()}`)
    await page.getByText('1 noted, to be sent').waitFor({ state: 'detached' })
    assert.equal(await isQueueKept(page), false)
    await page.getByText(/nearest: 3-/).waitFor()
  })

  await t.test('waits with no-shows while it is cut off (INV-9), and says in numbers alone what could not be kept', async () => {
    for (const person of ['anna', 'bruno', 'claire']) await giveBack(person)
    await askApi(api, 'PUT', '/v1/sites/hq', { name: 'St. Gallen', zone: 'Europe/Zurich', policy: { releaseGraceMs: GRACE_MS } })
    const wanted = await nearest()
    link.blackhole()
    link.reset()
    // Whoever booked it cannot say so here that they have come.
    const booked = await claim('hq-3-d30', 'bruno', { to: inMinutes(60) })
    await page.locator('.freshness-stale').waitFor()
    await readBadge(page, CLAIRE)
    await press(`Give me ${wanted}`)
    await says(/^Noted at/)
    await press('Done')
    assert.equal(await page.getByRole('button', { name: /Find me by name/ }).isDisabled(), true)
    await claim(spaceOf(wanted), 'anna', { checkIn: true })
    const made = Date.parse(booked.createdAt)
    await until(() => Date.now() > made + GRACE_MS + 3_000, { what: 'its grace has passed', withinMs: GRACE_MS + 10_000, everyMs: 100 })
    assert.deepEqual((await claimsOf('bruno')).map(({ state }) => state), ['booked'])
    link.heal()
    link.reset()
    await page.getByText('1 note could not be kept today').waitFor({ timeout: 60_000 })
    assert.deepEqual(await claimsOf('claire'), [], 'nobody is moved elsewhere without being asked')
    assert.ok(!(await page.content()).includes('Claire'))
    await readBadge(page, BRUNO)
    await press('Check in')
    await says('You are checked in, Bruno.')
    // Whoever looks after it is told: the server lists what a device says, at most once a minute.
    const report = page.waitForRequest(request => request.method() === 'PUT' && request.url().endsWith('/v1/devices/self'))
    await page.reload()
    assert.equal(((await report).postDataJSON() as { health: string }).health, 'degraded')
    await isIdle()
  })

  await t.test('forgets what it is when it is cut off', async () => {
    const [device] = (await askApi(api, 'GET', '/v1/devices') as { devices: DeviceView[] }).devices
    await askApi(api, 'DELETE', `/v1/devices/${device?.id ?? ''}`)
    await page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/).waitFor()
    assert.ok(!(await tracesOf(page)).includes('perch_'))
    await context.close()
  })
})
