import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { test } from 'tap'
import { askApi } from '../../src/cli/seed/api.ts'
import { violationsOn } from '../harness/axe.ts'
import { openBrowser, openPage } from '../harness/browser.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { openHouse } from './house.ts'

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' }

test('the floor map', async t => {
  const host = await openHost(t)
  const house = await openHouse(t, { floors: ['hq-2', 'hq-3'], env: { EMBED_ORIGINS: host } })
  await askApi(house.api, 'PUT', '/v1/sites/hq', { name: 'St. Gallen', zone: zoneWhereItIsTen() })
  const browser = await openBrowser(t)

  async function open (t: Cleanup, person: string, path: string, options: BrowserContextOptions = PHONE): Promise<{ page: Page, errors: string[] }> {
    const { page, context, errors } = await openPage(t, browser, options)
    await house.signIn(context, person)
    await page.goto(`${house.node.url}${path}`)
    return { page, errors }
  }

  await t.test('a desk that is claimed by its label\'s address is seen to be taken in another window, and to be free once it is given back', async t => {
    const [anna, bruno] = await Promise.all([open(t, 'anna', '/map/hq-3/hq-3-d12'), open(t, 'bruno', '/map/hq-3/hq-3-d12')])
    await bruno.page.getByText('Free', { exact: true }).waitFor()
    await anna.page.getByRole('button', { name: /^Claim until/ }).click()
    await anna.page.getByText(/^3-N-12 is yours until/).waitFor()
    await bruno.page.getByText(/^Reserved until/).waitFor()
    await bruno.page.getByText(/Anna Keller/).first().waitFor()
    await anna.page.getByRole('button', { name: 'Check in', exact: true }).click()
    await bruno.page.getByText(/^Occupied until/).waitFor()
    await anna.page.getByRole('button', { name: 'Close', exact: true }).click()
    await anna.page.getByRole('button', { name: /My claims/ }).click()
    await anna.page.getByRole('button', { name: 'Give back' }).click()
    await bruno.page.getByText('Free', { exact: true }).waitFor()
    assert.deepEqual([...anna.errors, ...bruno.errors], [])
  })

  await t.test('what is refused is said kindly, with spaces that can be had, and one of them is a button away', async t => {
    await askApi(await house.apiAs('bruno'), 'POST', '/v1/claims', { space: 'hq-3-d14', from: tomorrowAt(10), to: tomorrowAt(12) })
    const { page, errors } = await open(t, 'claire', '/map/hq-3/hq-3-d14')
    await page.getByRole('button', { name: 'The day after' }).click()
    await page.getByText('Tomorrow').waitFor()
    await page.getByRole('button', { name: /^Claim 07:00 to/ }).click()
    const alert = page.getByRole('alert')
    await alert.getByText(/^3-N-14 is taken for part of that time\. 3-N-\d+ beside it is free\.$/).waitFor()
    assert.equal(await alert.getByRole('button', { name: /^Take / }).count(), 5)
    const nearest = await alert.getByRole('button', { name: /^Take / }).first().innerText()
    await alert.getByRole('button', { name: nearest, exact: true }).click()
    await page.getByText(`${nearest.replace('Take ', '')} is yours`).waitFor()
    assert.deepEqual(errors, [])
  })

  await t.test('who has a claim at that time already is told which, and may move it', async t => {
    await askApi(await house.apiAs('maximiliane'), 'POST', '/v1/claims', { space: 'hq-3-d20' })
    const { page } = await open(t, 'maximiliane', '/map/hq-3/hq-3-d21')
    await page.getByRole('button', { name: /^Claim until/ }).click()
    await page.getByText(/^You have 3-N-20 from/).waitFor()
    await page.getByRole('button', { name: 'Move to 3-N-21' }).click()
    await page.getByText('You have moved to 3-N-21.').waitFor()
  })

  await t.test('a claim for later is made with the keyboard alone, from the plan to the button', async t => {
    const { page, errors } = await open(t, 'anna', '/map/hq-2', { viewport: { width: 1280, height: 800 } })
    await page.getByRole('application').waitFor()
    await tabTo(page, '#plan')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.id === 'space-title')
    await tabTo(page, '[role=slider][aria-label=From]')
    for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight')
    const from = await page.locator('[role=slider][aria-label=From]').getAttribute('aria-valuetext')
    assert.match(from ?? '', /^\d\d:(?:00|15|30|45)$/)
    await tabTo(page, '[role=slider][aria-label=Until]')
    await page.keyboard.press('Home')
    await tabTo(page, '.claim-form .button-main')
    await page.keyboard.press('Enter')
    await page.getByText(new RegExp(`is yours: ${from ?? ''} to`)).waitFor()
    assert.deepEqual(errors, [])
  })

  await t.test('a space is found by its name and a colleague by theirs, and chips leave what fits', async t => {
    await askApi(await house.apiAs('hidden'), 'POST', '/v1/claims', { space: 'hq-3-d30' })
    await askApi(await house.apiAs('anna'), 'POST', '/v1/claims', { space: 'hq-3-d31' })
    const { page } = await open(t, 'bruno', '/map/hq-3')
    const box = page.getByRole('combobox')
    await box.fill('3n02')
    await page.getByRole('option', { name: /3-N-02/ }).waitFor()
    await box.press('Enter')
    await page.getByRole('heading', { name: '3-N-02' }).waitFor()
    await box.fill('kell')
    await page.getByRole('option', { name: /Anna Keller.*3-N-31/ }).click()
    await page.getByRole('heading', { name: '3-N-31' }).waitFor()
    await box.fill('verborgen')
    await page.getByText('Nothing here is called “verborgen”.').waitFor()
    await box.fill('')
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByRole('button', { name: 'Rooms', exact: true }).click()
    await page.getByText('4 of 152 spaces match').waitFor()
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByText('spaces match').waitFor({ state: 'detached' })
  })

  await t.test('an address that names nothing has a sentence and the way on', async t => {
    const { page } = await open(t, 'anna', '/map/hq-9')
    await page.getByRole('heading', { name: 'There is no floor “hq-9” here.' }).waitFor()
    await page.getByRole('button', { name: /Studio/ }).click()
    await page.getByRole('application').waitFor()
    await page.goto(`${house.node.url}/map/hq-3/hq-3-d999`)
    await page.getByText('There is no space “hq-3-d999” on this floor.').waitFor()
  })

  await t.test('it speaks three languages, and axe finds nothing in either theme', async t => {
    for (const [locale, words] of [['en-GB', /^Claim until/], ['de-CH', /^Reservieren bis/], ['fr-FR', /^Réserver jusqu’à/]] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page } = await open(t, 'claire', '/map/hq-3/hq-3-d40', { ...PHONE, locale, colorScheme })
        await page.getByRole('button', { name: words }).waitFor()
        assert.equal(await page.evaluate(() => document.documentElement.lang), locale.slice(0, 2))
        assert.deepEqual(await violationsOn(page), [], `${locale} ${colorScheme}`)
        // The other panels differ by their words alone.
        if (locale !== 'de-CH') continue
        for (const opened of [/My claims|Meine Reservierungen|Mes réservations/, /As a list|Als Liste|En liste/, /Menu|Menü/]) {
          await page.locator('.panel-close').click()
          await page.getByRole('button', { name: opened }).first().click()
          await page.locator('.panel-part h2').waitFor()
          assert.deepEqual(await violationsOn(page), [], `${locale} ${colorScheme} ${opened.source}`)
        }
      }
    }
  })

  await t.test('a page of an origin that is listed may frame it, and another one may not', async t => {
    const { page, context } = await openPage(t, browser, { viewport: { width: 700, height: 500 } })
    await house.signIn(context, 'bruno')
    await page.goto(`${host}/?${encodeURIComponent(`${house.node.url}/map/hq-3/hq-3-d44?embed=1`)}`)
    const frame = page.frameLocator('iframe')
    await frame.getByRole('button', { name: /^Claim until/ }).click()
    await frame.getByText(/is yours until/).waitFor()
    assert.equal(await frame.getByRole('button', { name: 'Sign out' }).count(), 0)
    const foreign = await openHost(t)
    await page.goto(`${foreign}/?${encodeURIComponent(`${house.node.url}/map/hq-3?embed=1`)}`)
    await until(() => page.frames()[1]?.url().startsWith('chrome-error'), { what: 'the frame is refused' })
  })

  await t.test('who sees one\'s name is a choice that holds on every screen at once', async t => {
    const { page } = await open(t, 'claire', '/map/hq-3')
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByLabel('Nobody').check()
    await page.getByText('Saved. Every screen shows it so.').waitFor()
    const me = await askApi(await house.apiAs('claire'), 'GET', '/v1/me') as { visibility: string }
    assert.equal(me.visibility, 'hidden')
  })

  await t.test('a PIN that is set here says at a kiosk who one is, and one that is too short is not taken', async t => {
    const { page, errors } = await open(t, 'claire', '/map/hq-3')
    await page.getByRole('button', { name: 'Menu' }).click()
    const pin = page.getByLabel('PIN for kiosks')
    await pin.fill('246')
    await page.getByRole('button', { name: 'Set PIN' }).click()
    await page.getByRole('status').getByText(/^Four to twelve figures/).waitFor()
    await pin.fill('246813')
    await page.getByRole('button', { name: 'Set PIN' }).click()
    await page.getByText('Set. You can use it at every kiosk.').waitFor()
    assert.equal(await pin.inputValue(), '')
    const { person } = await askApi(house.api, 'POST', '/v1/people/identify', { id: 'claire', pin: '246813', site: 'hq' }) as { person: { id: string } }
    assert.equal(person.id, 'claire')
    assert.deepEqual(errors, [])
  })

  await t.test('a sign-in that expires is said, and what was chosen is there again after the next one', async t => {
    const { page, context } = await openPage(t, browser, PHONE)
    await page.goto(`${house.node.url}/map/`)
    const session = async (lastsMs: number) => JSON.stringify({ token: await house.tokenOf('anna', {}, lastsMs), person: { id: 'anna', name: 'Anna Keller', role: 'member', site: null } })
    const brief = await session(4_000)
    await page.evaluate(kept => sessionStorage.setItem('perch.session', kept), brief)
    await page.goto(`${house.node.url}/map/hq-3/hq-3-d50`)
    await page.getByRole('button', { name: /^Claim/ }).waitFor()
    await page.getByText(/^Your sign-in has expired/).waitFor()
    await context.addInitScript({ content: `sessionStorage.setItem('perch.session', ${JSON.stringify(await session(3_600_000))})` })
    await page.reload()
    await page.getByRole('heading', { name: '3-N-50' }).waitFor()
  })

  await t.test('when the server dies the floor says since when it is not up to date, and is live again by itself', async t => {
    const { page } = await open(t, 'bruno', '/map/hq-3/hq-3-d60')
    await page.getByRole('button', { name: /^Claim/ }).waitFor()
    const port = new URL(house.node.url).port
    await house.node.kill('SIGKILL')
    await page.getByText(/^Not updated since \d\d:\d\d$/).first().waitFor()
    await page.getByText('What you claim now is asked for when the connection is back.').waitFor()
    await page.getByRole('button', { name: /^Claim/ }).click()
    await house.startNode({ PORT: port })
    await page.getByText(/^3-N-60 is yours|^You have 3-N-44/).waitFor()
    await page.getByText(/^Not updated since/).first().waitFor({ state: 'detached' })
  })
})

/** Tests claim from now on until the evening, whatever the hour is here. */
function zoneWhereItIsTen (): string {
  const away = 10 - new Date().getUTCHours()
  const hours = away < -12 ? away + 24 : away
  return hours === 0 ? 'Etc/GMT' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

/** So many o'clock on that site's next day. */
function tomorrowAt (hour: number): string {
  const next = new Date(Date.now() + 24 * 3_600_000)
  next.setUTCMinutes(0, 0, 0)
  return new Date(+next + (hour - 10) * 3_600_000).toISOString()
}

async function tabTo (page: Page, selector: string): Promise<void> {
  await until(async () => {
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return true
    await page.keyboard.press('Tab')
    return await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)
  }, { what: `the focus reaches ${selector}` })
}

/** A page of somebody else's that shows in a frame what its query names. */
async function openHost (t: Cleanup): Promise<string> {
  const server = createServer((request, response) => {
    const framed = decodeURIComponent(request.url?.split('?')[1] ?? '')
    response.setHeader('content-type', 'text/html').end(`<!doctype html><title>Host</title><iframe src="${framed}" width="320" height="400"></iframe>`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => { server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
