import assert from 'node:assert/strict'
import { test, type Test } from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import { openBrowser, openPage } from '../harness/browser.ts'
import { until } from '../harness/wait.ts'
import { serveHostPage } from './host-page.ts'
import { openHouse } from './house.ts'
import { SignInIssuer } from './sign-in-issuer.ts'

const button = (page: Page, name: string) => page.getByRole('button', { name })
const map = (page: Page) => page.locator('.floor-plan').first()

async function stored (page: Page, where: 'sessionStorage' | 'localStorage'): Promise<string> {
  return await page.evaluate(name => JSON.stringify(name === 'localStorage' ? { ...localStorage } : { ...sessionStorage }), where)
}

/** A frame around the map that answers what the page in it asks for. */
function framing (url: string, token: string): string {
  return `<!doctype html><title>Intranet</title><iframe src="${url}/map/hq-3" width="1000" height="700"></iframe><script>
    const frame = document.querySelector('iframe')
    window.heard = []
    addEventListener('message', ({ source, origin, data }) => {
      if (source !== frame.contentWindow || origin !== ${JSON.stringify(url)}) return
      window.heard.push(data.type)
      if (data.type === 'perch:ready') frame.contentWindow.postMessage({ type: 'perch:token', token: ${JSON.stringify(token)} }, ${JSON.stringify(url)})
    })
  </script>`
}

test('signing in to the pages', async (t: Test) => {
  const issuer = await SignInIssuer.start(t)
  const intranet = await serveHostPage(t, '')
  const foreign = await serveHostPage(t, '')
  const { node, tokenOf } = await openHouse(t, { floors: ['hq-3'], issuer, env: { OIDC_CLIENT_ID: 'pages', EMBED_ORIGINS: intranet.origin } })
  const browser = await openBrowser(t)
  issuer.granted.splice(0)

  async function signedIn (page: Page): Promise<void> {
    await page.goto(`${node.url}/map/hq-3?lang=en`)
    await button(page, 'Sign in').click()
    await map(page).waitFor()
  }

  t.test('somebody goes to the issuer and comes back to where they were, and the token stays in this window alone', async t => {
    const { page, context, errors } = await openPage(t, browser)
    await signedIn(page)
    assert.equal(page.url(), `${node.url}/map/hq-3?lang=en`)
    assert.match(await stored(page, 'sessionStorage'), /Anna Keller/)
    assert.doesNotMatch(await stored(page, 'localStorage'), /eyJ|anna|Keller/i)
    assert.deepEqual(await context.cookies(), [])
    await page.reload()
    await map(page).waitFor()
    assert.deepEqual(issuer.granted.splice(0), ['authorization_code'])
    assert.deepEqual(errors, [])
  })

  t.test('an answer that this window did not ask for is refused before any code is exchanged', async t => {
    const { page } = await openPage(t, browser)
    const refusal = page.getByText('does not belong to a sign-in from this window')
    await page.goto(`${node.url}/signed-in?code=stolen&state=forged`)
    await refusal.waitFor()
    assert.equal(page.url(), `${node.url}/signed-in`)
    await page.route(`${issuer.url}/authorize*`, async route => await route.fulfill({ status: 302, headers: { location: `${node.url}/signed-in?code=stolen&state=forged` } }))
    await page.goto(`${node.url}/map/`)
    await button(page, 'Sign in').click()
    await refusal.waitFor()
    assert.deepEqual([issuer.granted.splice(0), await page.evaluate(() => sessionStorage.getItem('perch.session'))], [[], null])
  })

  t.test('whom the issuer does not let in is told so, and so is whose token the server does not take', async t => {
    const { page } = await openPage(t, browser)
    issuer.person = null
    t.after(() => { issuer.person = 'anna' })
    await page.goto(`${node.url}/map/`)
    await button(page, 'Sign in').click()
    await page.getByText('did not let you in').waitFor()
    issuer.person = 'anna'
    issuer.claims = { aud: 'somebody else' }
    t.after(() => { issuer.claims = {} })
    await page.goto(`${node.url}/map/`)
    await button(page, 'Sign in').click()
    await page.getByText('the access token was not accepted').waitFor()
    issuer.granted.splice(0)
  })

  for (const [kind, refreshes] of [['refresh_token', true], ['authorization_code', false]] as const) {
    t.test(`a token that is about to end is replaced without a word, by ${refreshes ? 'a refresh token' : 'a question that nobody sees'}`, async t => {
      issuer.refreshes = refreshes
      issuer.lastsS = 5
      t.after(() => { Object.assign(issuer, { refreshes: false, lastsS: 3_600 }) })
      const { page, errors } = await openPage(t, browser)
      await signedIn(page)
      const first = await page.evaluate(() => sessionStorage.getItem('perch.session'))
      issuer.granted.splice(0)
      issuer.lastsS = 3_600
      await until(() => issuer.granted[0], { what: 'a fresh token was asked for', withinMs: 20_000, everyMs: 100 })
      await page.waitForFunction(before => sessionStorage.getItem('perch.session') !== before, first)
      await page.getByText('Live', { exact: true }).waitFor()
      assert.deepEqual(issuer.granted.splice(0), [kind])
      assert.deepEqual(errors, [])
    })
  }

  t.test('who cannot be given another token is asked to sign in again when theirs has ended', async t => {
    issuer.lastsS = 4
    t.after(() => { Object.assign(issuer, { lastsS: 3_600, person: 'anna' }) })
    const { page } = await openPage(t, browser)
    await signedIn(page)
    issuer.person = null
    await page.getByText('Your session has ended').waitFor()
  })

  t.test('a page that may frame the map says who looks at it, and nobody else does', async t => {
    const { page } = await openPage(t, browser)
    intranet.show(framing(node.url, await tokenOf('claire')))
    foreign.show('<!doctype html>')
    await page.goto(intranet.origin)
    const frame = page.frameLocator('iframe').first()
    await frame.locator('.floor-plan').waitFor()
    assert.equal(await page.frames()[1]?.evaluate(() => sessionStorage.getItem('perch.session')), null)
    // Another frame of the same page is not the page around the map.
    const beside = await addFrame(page, foreign.origin)
    await beside.evaluate(token => { window.parent.frames[0]?.postMessage({ type: 'perch:token', token }, '*') }, 'forged')
    await page.evaluate(() => { document.querySelector('iframe')?.contentWindow?.postMessage({ type: 'perch:token', token: 'spoiled' }, '*') })
    await page.waitForFunction(() => (window as unknown as { heard: string[] }).heard.includes('perch:refused'))
    assert.deepEqual(await page.evaluate(() => (window as unknown as { heard: string[] }).heard.filter(type => type === 'perch:refused')), ['perch:refused'])
    await frame.locator('.floor-plan').waitFor()
  })

  t.test('a page of another origin cannot frame the map, nor anybody the other pages', async t => {
    foreign.show(framing(node.url, 'any'))
    const { page, errors } = await openPage(t, browser)
    await page.goto(foreign.origin)
    await until(() => errors.some(text => text.includes('frame-ancestors')), { what: 'the browser refuses to frame it' })
    assert.deepEqual(await page.evaluate(() => (window as unknown as { heard: string[] }).heard), [])
    intranet.show(framing(node.url, 'any').replace('/map/hq-3', '/admin/'))
    errors.length = 0
    await page.goto(intranet.origin)
    await until(() => errors.some(text => text.includes('frame-ancestors')), { what: 'the browser refuses to frame the admin page' })
  })

  t.test('where nothing is set up a sentence says what would be, and in a demo one chooses who to be', async t => {
    const { page, context } = await openPage(t, browser)
    await asking(context, node.url, { signIn: { way: 'none' }, embedOrigins: [] })
    await page.goto(`${node.url}/map/?lang=de`)
    await page.getByText('OIDC_CLIENT_ID').waitFor()
    await asking(context, node.url, { signIn: { way: 'development' }, embedOrigins: [] })
    await page.goto(`${node.url}/map/hq-3?lang=en`)
    await page.getByRole('searchbox').fill('kel')
    await button(page, 'Anna Keller').click()
    await map(page).waitFor()
  })

  /** Answers as a server for development does: this one is none. */
  async function asking (context: BrowserContext, url: string, settings: object): Promise<void> {
    const people = [{ id: 'anna', name: 'Anna Keller', role: 'member', site: null }, { id: 'admin', name: 'The admin', role: 'admin', site: null }]
    await context.route(`${url}/pages.json`, async route => await route.fulfill({ json: settings }))
    await context.route(`${url}/dev/people`, async route => await route.fulfill({ json: { people } }))
    await context.route(`${url}/dev/sign-in`, async route => await route.fulfill({ json: { token: await tokenOf('anna'), person: people[0] } }))
  }
})

async function addFrame (page: Page, url: string) {
  await page.evaluate(src => { document.body.append(Object.assign(document.createElement('iframe'), { src, name: 'beside' })) }, url)
  return await until(() => page.frames().find(frame => frame.name() === 'beside' && frame.url().startsWith(url)), { what: 'the other frame is there' })
}
