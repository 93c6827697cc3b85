import assert from 'node:assert/strict'
import { test } from 'tap'
import { askApi } from '../../src/cli/seed/api.ts'
import { openBrowser, openPage } from '../harness/browser.ts'
import { approve, openHouse } from './house.ts'

test('the address that the server prints leads to every page, and none of them has anything to complain about', async t => {
  const { node } = await openHouse(t, { floors: ['hq-3'] })
  const browser = await openBrowser(t)
  const { page, errors } = await openPage(t, browser)
  for (const way of ['/map/', '/display/', '/kiosk/', '/admin/', '/docs']) {
    await page.goto(node.url)
    await page.locator(`a[href="${way}"]`).click()
    await page.waitForURL(`**${way}`)
    await page.getByRole('heading').first().waitFor()
  }
  assert.deepEqual(errors, [])
})

test('a screen shows a code, is approved, shows its floor, and follows what happens there', async t => {
  const { node, api, apiAs } = await openHouse(t, { floors: ['hq-3'] })
  const browser = await openBrowser(t)
  const { page, errors } = await openPage(t, browser, { viewport: { width: 1920, height: 1080 } })
  await page.goto(`${node.url}/display/`)
  const code = page.getByText(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
  await approve(api, await code.innerText())
  await page.getByRole('img').waitFor()
  const free = page.locator('.display-free strong')
  const before = Number(await free.innerText())
  await askApi(await apiAs('anna'), 'POST', '/v1/claims', { space: 'hq-3-d12' })
  await page.locator('.display-free strong', { hasText: String(before - 1) }).waitFor()
  assert.deepEqual(errors, [])
})
