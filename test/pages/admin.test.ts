import assert from 'node:assert/strict'
import { test, type Test } from 'tap'
import type { Page } from 'playwright-core'
import { askApi } from '../../src/cli/seed/api.ts'
import type { FloorView } from '../../src/protocol/plan.ts'
import { openBrowser, openPage } from '../harness/browser.ts'
import { until } from '../harness/wait.ts'
import { openHouse } from './house.ts'
import { assertAccessible } from './kiosk-page.ts'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true })
const SECTIONS = ['devices', 'plans', 'spaces', 'labels', 'health'] as const

/** As a file that was dropped there. */
async function choose (page: Page, name: string, content: unknown): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/geo+json', buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) })
}

/** A floor as a program for maps has it: in degrees, and without those spaces. */
function inDegrees ({ plan, spaces }: FloorView, without: readonly string[], renamed: Record<string, string> = {}) {
  const label = new Map(spaces.map(space => [space.id, space.label]))
  const onGlobe = ([x, y]: readonly [number, number]) => [9.3767 + x / 75_453.6, 47.4245 + y / 111_177.7] as [number, number]
  const features = plan.features.filter(({ properties: { space } }) => space === undefined || !without.includes(space)).map(({ geometry, properties }) => ({
    type: 'Feature',
    geometry: {
      type: geometry.type,
      coordinates: geometry.type === 'Point' ? onGlobe(geometry.coordinates) : geometry.type === 'LineString' ? geometry.coordinates.map(onGlobe) : geometry.coordinates.map(ring => ring.map(onGlobe))
    },
    properties: properties.space === undefined ? properties : { ...properties, label: renamed[properties.space] ?? label.get(properties.space) }
  }))
  return { type: 'FeatureCollection', features }
}

test('the admin page', async (t: Test) => {
  const house = await openHouse(t, { floors: ['hq-2', 'hq-3'] })
  const { node, api } = house
  const browser = await openBrowser(t)
  await askApi(api, 'PUT', '/v1/sites/lisbon', { name: 'Lisbon', zone: 'Europe/Lisbon' })
  await askApi(api, 'PUT', '/v1/floors/lx-1', { ...await floorNow('hq-2'), id: 'lx-1', site: 'lisbon', name: 'Tejo', level: 1, revision: 0, ...renumbered(await floorNow('hq-2')) })

  async function floorNow (id: string): Promise<FloorView> {
    return await askApi(api, 'GET', `/v1/floors/${id}`) as FloorView
  }

  /** With the right to everything, unless `site` says whose manager it is. */
  async function open (path: string, { site, ...options }: { site?: string, colorScheme?: 'light' | 'dark', locale?: string } = {}) {
    const opened = await openPage(t, browser, { viewport: { width: 1440, height: 900 }, ...options })
    await house.signIn(opened.context, 'anna', site === undefined ? { perch_role: 'admin' } : { perch_role: 'manager', perch_site: site })
    await opened.page.goto(`${node.url}/admin/${path}`)
    return opened
  }

  t.test('a screen\'s code is entered, the screen shows its floor, and is cut off', async t => {
    const screen = await openPage(t, browser, { viewport: { width: 1920, height: 1080 } })
    await screen.page.goto(`${node.url}/display/`)
    const shown = screen.page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    const code = await shown.innerText()
    const { page, errors } = await open('devices')
    await page.getByLabel('Code on the screen').fill(code.toLowerCase().replace('-', ' '))
    await page.getByLabel('Name').fill('Lobby, by the lifts')
    await page.getByLabel('Site').selectOption({ label: 'St. Gallen' })
    await page.getByLabel('Floor').selectOption({ label: 'Floor 3, Studio' })
    await page.locator('.place-picker-plan').click()
    assert.notEqual(await page.getByLabel('Metres from the left').inputValue(), '')
    await button(page, 'Approve').click()
    await page.getByText('is approved').waitFor()
    await screen.page.locator('.floor-plan').waitFor()
    await page.locator('.device-row').getByText('Online').waitFor()
    await button(page, 'Cut off Lobby, by the lifts').click()
    await button(page, 'Cancel').click()
    await button(page, 'Cut off Lobby, by the lifts').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cut off' }).click()
    await page.getByText('Nothing is connected yet').waitFor()
    await shown.waitFor()
    assert.deepEqual(errors, [])
  })

  t.test('a device that is there is given another name and floor', async () => {
    const { code } = await askApi(api, 'POST', '/v1/devices', { name: 'Lobby', role: 'kiosk', site: 'hq' }) as { code: string }
    await askApi(api, 'POST', '/v1/pairings/redeem', { code })
    const { page } = await open('devices')
    const row = page.locator('.device-row')
    await row.getByText('Never seen yet').waitFor()
    await button(page, 'Change Lobby').click()
    await row.getByLabel('Name').fill('Entrance')
    await row.getByLabel('Floor').selectOption({ label: 'Floor 2, Sales' })
    await button(page, 'Save').click()
    await heading(page, 'Entrance').waitFor()
    await row.getByText('Kiosk · St. Gallen · Floor 2, Sales').waitFor()
  })

  t.test('a code that no screen shows is refused in a sentence, and one that is made is shown', async () => {
    const { page } = await open('devices?code=acdefghj')
    await page.getByLabel('Name').fill('Nobody')
    await button(page, 'Approve').click()
    await page.getByText('No screen shows this code now').waitFor()
    await page.getByLabel('Make a code').check({ force: true })
    await button(page, 'Make a code').click()
    await page.locator('.admin-made strong', { hasText: /^[A-Z0-9]{4}-[A-Z0-9]{4}$/ }).waitFor()
  })

  t.test('a plan that cannot be used is refused with where and why, before anything is sent', async () => {
    const { page } = await open('plans/hq-2')
    await button(page, 'Choose a file').waitFor()
    await choose(page, 'cut-short.geojson', '{"type": "Feat')
    await page.getByText('cut-short.geojson cannot be read').waitFor()
    const { revision, ...floor } = await floorNow('hq-2')
    const broken = structuredClone(floor) as unknown as { plan: { features: Array<{ geometry: object, properties: { space?: string } }> } }
    const feature = broken.plan.features.find(({ properties }) => properties.space !== undefined)
    Object.assign(feature ?? {}, { geometry: { type: 'Polygon', coordinates: [[[0, 0], [4, 4], [4, 0], [0, 4], [0, 0]]] } })
    await choose(page, 'crossed.json', broken)
    await page.getByText(`Space ${feature?.properties.space ?? ''}:`).waitFor()
    assert.equal(await button(page, 'Use this plan').isDisabled(), true)
    assert.equal((await floorNow('hq-2')).revision, revision)
  })

  t.test('a plan in degrees is shown with what it changes; claims in the way end only when that is asked for', async () => {
    const before = await floorNow('hq-2')
    const [gone, staying] = before.spaces.filter(({ kind }) => kind === 'desk')
    assert.ok(gone !== undefined && staying !== undefined)
    await askApi(await house.apiAs('bruno'), 'POST', '/v1/claims', { space: gone.id })
    const { page, errors } = await open('plans/hq-2')
    await button(page, 'Choose a file').waitFor()
    await choose(page, 'new.geojson', inDegrees(before, [gone.id], { [staying.id]: 'By the window' }))
    await page.getByText('The file is in degrees').waitFor()
    await page.getByText('1 space removed').waitFor()
    await page.getByText(`${staying.label} → By the window`).waitFor()
    assert.equal(await page.getByText(/spaces? moved/).count(), 0)
    // Somebody else is faster.
    await askApi(api, 'PUT', '/v1/floors/hq-2', { ...before, name: 'Sales and more' })
    await button(page, 'Use this plan').click()
    await page.getByText('Somebody else has changed this floor meanwhile').waitFor()
    await button(page, 'Use this plan').click()
    await page.getByText('There are claims on a space that this plan takes off').waitFor()
    assert.equal((await floorNow('hq-2')).spaces.length, before.spaces.length)
    await button(page, 'End its claims and import').click()
    await page.getByRole('dialog').getByRole('button', { name: 'End its claims and import' }).click()
    await page.getByText('The plan holds now, on every screen. 1 space was taken off.').waitFor()
    const after = await floorNow('hq-2')
    assert.deepEqual([after.spaces.length, after.spaces.find(({ id }) => id === staying.id)?.label], [before.spaces.length - 1, 'By the window'])
    // A refusal is what it is for.
    assert.deepEqual(errors.filter(text => !text.includes('409')), [])
  })

  t.test('a desk is put out of service and back by keyboard alone, and the list follows', async () => {
    const { page, errors } = await open('spaces/hq-3')
    const search = page.getByRole('searchbox')
    await search.focus()
    await page.keyboard.type('3-N-05')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await heading(page, '3-N-05').waitFor()
    await page.getByLabel('Why').focus()
    await page.keyboard.type('The monitor is broken')
    await page.keyboard.press('Enter')
    await page.getByText('3-N-05 is out of service now.').waitFor()
    await page.locator('.space-list').getByText('Out of service', { exact: false }).last().waitFor()
    await button(page, 'Put back in service').press('Enter')
    await page.getByText('3-N-05 is back in service.').waitFor()
    await page.locator('.space-list small', { hasText: 'Free' }).waitFor()
    assert.deepEqual(errors, [])
  })

  t.test('labels fill sheets, each with its code, and print alone', async () => {
    const { page } = await open('labels/hq-3')
    await page.getByText(/^\d+ labels on \d+ sheets$/).waitFor()
    assert.equal(await page.locator('.sheet').first().locator('.label svg path').count(), 24)
    await page.getByLabel('Kind').selectOption({ label: 'Room' })
    await page.locator('.label strong', { hasText: 'Sparrow' }).waitFor()
    await page.emulateMedia({ media: 'print' })
    assert.deepEqual([await page.locator('.admin-head').isVisible(), await page.locator('.label').first().isVisible()], [false, true])
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true })
    assert.equal(pdf.toString('latin1').match(/\/Type ?\/Page\b/g)?.length, 1)
  })

  t.test('health says in words that all works', async () => {
    const { page } = await open('health')
    await page.getByText('Are granted').waitFor()
    await page.getByText('No claim was lost').waitFor()
    await until(async () => await page.locator('.freshness-live').count() === 3, { what: 'every floor is live' })
  })

  t.test('a manager sees their own site and nothing of another; who looks after nothing is sent to the map', async t => {
    const { page } = await open('devices', { site: 'lisbon' })
    await heading(page, 'Connect another').waitFor()
    assert.equal(await page.getByLabel('Site').count(), 0)
    assert.deepEqual(await page.getByLabel('Floor').locator('option').allInnerTexts(), ['No floor', 'Floor 1, Tejo'])
    await page.getByRole('link', { name: 'Plans' }).click()
    assert.deepEqual(await page.getByLabel('For floor').locator('option').allInnerTexts(), ['Floor 1, Tejo', 'A new floor …'])
    await page.getByRole('link', { name: 'Health' }).click()
    await page.getByText('Are granted').waitFor()
    assert.equal(await page.getByText('Since this server started').count(), 0)
    const member = await openPage(t, browser)
    await house.signIn(member.context, 'claire')
    await member.page.goto(`${node.url}/admin/`)
    await member.page.getByText('for those who look after the office').waitFor()
    await button(member.page, 'Sign out').click()
    await member.page.getByText('Signing in is not set up').waitFor()
  })

  t.test('axe finds nothing in any section, in either theme, and every section speaks three languages', async () => {
    for (const [colorScheme, locale] of [['light', 'de-DE'], ['dark', 'fr-FR']] as const) {
      const { page, errors } = await open('devices', { colorScheme, locale })
      for (const section of SECTIONS) {
        await page.goto(`${node.url}/admin/${section}`)
        await page.locator('.admin-card, .drop-zone, .sheet').first().waitFor()
        if (section === 'devices') await page.getByLabel(locale === 'de-DE' ? 'Etage' : 'Étage').selectOption({ index: 1 })
        // A sheet of labels is like the next, and axe looks at every square of their codes.
        if (section === 'labels') await page.locator('select').last().selectOption('room')
        await assertAccessible(page, `${section}, ${colorScheme}`)
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${section} scrolls sideways`)
      }
      assert.deepEqual(errors, [])
    }
  })
})

/** The same floor with other ids of spaces, which are unique within an org. */
function renumbered ({ spaces, plan }: FloorView): Pick<FloorView, 'spaces' | 'plan'> {
  const other = (id: string): string => `lx-${id}`
  return {
    spaces: spaces.map(space => ({ ...space, id: other(space.id) })),
    plan: { ...plan, features: plan.features.map(feature => feature.properties.space === undefined ? feature : { ...feature, properties: { ...feature.properties, space: other(feature.properties.space) } }) }
  }
}
