import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'tap'
import type { PageFiles } from '../../src/web/offline/page-files.ts'
import { PageStore, type Drawers } from '../../src/web/offline/page-store.ts'

const ORIGIN = 'https://perch.test'
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A release of the kiosk's page: a document and the script that it names. */
function release (version: string): { page: PageFiles, served: Record<string, string> } {
  const document = `<script src="/assets/kiosk-${version}.js">`
  return { page: { version, document: '/kiosk/', documentHash: hashOf(document), files: [`/assets/kiosk-${version}.js`] }, served: { '/kiosk/': document, [`/assets/kiosk-${version}.js`]: `script ${version}` } }
}

/** A device, and a server that serves what it is given; null: it is away. */
function device () {
  const kept = new Map<string, Map<string, string>>()
  const caches: Drawers = {
    async open (name) {
      const drawer = kept.get(name) ?? new Map<string, string>()
      kept.set(name, drawer)
      return {
        match: async address => drawer.has(address) ? new Response(drawer.get(address)) : undefined,
        put: async (address, answer) => { drawer.set(address, await answer.text()) }
      }
    },
    delete: async name => kept.delete(name),
    keys: async () => [...kept.keys()]
  }
  const server: { serves: Record<string, string> | null, status: number, answers: boolean } = { serves: null, status: 200, answers: true }
  const fetch = async (asked: string | Request): Promise<Response> => {
    if (!server.answers) return await new Promise<never>(() => {})
    const path = typeof asked === 'string' ? asked : new URL(asked.url).pathname
    if (server.serves === null) throw new TypeError('failed to fetch')
    const content = server.serves[path]
    return new Response(content ?? 'not found', { status: content === undefined ? 404 : server.status })
  }
  const store = (page: PageFiles): PageStore => new PageStore(page, { caches, fetch, hash: async content => hashOf(Buffer.from(content).toString()), rest: async () => {} })
  const get = async (of: PageStore, path: string, mode = 'no-cors', method = 'GET'): Promise<string | null> => {
    const request = { url: ORIGIN + path, mode, method } as Request
    const answer = of.answer(request, ORIGIN)
    return answer === null ? null : await (await answer).text()
  }
  return { kept, server, store, get }
}

test('a page begins without its server, with the document and the files of one version', async () => {
  const { server, store, get } = device()
  const { page, served } = release('1')
  server.serves = served
  const one = store(page)
  await one.fill()
  server.serves = null
  assert.deepEqual([await get(one, '/kiosk/?lang=de', 'navigate'), await get(one, '/assets/kiosk-1.js')], [served['/kiosk/'], 'script 1'])
})

test('a server that is too slow, or a proxy that says it is away, is answered for', async () => {
  const { server, store, get } = device()
  const { page, served } = release('1')
  server.serves = served
  const one = store(page)
  await one.fill()
  for (const status of [502, 404]) {
    server.status = status
    assert.equal(await get(one, '/kiosk/', 'navigate'), served['/kiosk/'])
  }
  server.answers = false
  assert.equal(await get(one, '/kiosk/', 'navigate'), served['/kiosk/'])
})

test('what is not of the page goes its way, whatever there is in store', async () => {
  const { server, store, get } = device()
  const { page, served } = release('1')
  server.serves = served
  const one = store(page)
  await one.fill()
  for (const path of ['/v1/floors', '/v1/live', '/assets/map-9.js', '/pages.json', '/offline.js']) assert.equal(await get(one, path), null, path)
  assert.equal(await get(one, '/map/', 'navigate'), null)
  assert.equal(await get(one, '/kiosk/', 'navigate', 'POST'), null)
})

test('a version is stored whole or not at all', async () => {
  const { server, store, kept } = device()
  const { page, served } = release('1')
  server.serves = { '/kiosk/': served['/kiosk/'] ?? '' }
  await assert.rejects(store(page).fill())
  assert.deepEqual([...kept.keys()], [])
})

test('the next version waits beside the one that runs, and neither has anything of the other', async () => {
  const { server, store, get, kept } = device()
  const [first, second] = [release('1'), release('2')]
  server.serves = first.served
  const one = store(first.page)
  await one.fill()
  // In the middle of a deployment: this server is a release ahead of the list.
  server.serves = { ...second.served, '/assets/kiosk-1.js': 'script 1' }
  await assert.rejects(store({ ...first.page, version: '1b' }).fill(), /another version/)
  const two = store(second.page)
  await two.fill()
  server.serves = null
  assert.deepEqual([await get(one, '/kiosk/', 'navigate'), await get(one, '/assets/kiosk-2.js')], [first.served['/kiosk/'], null])
  await two.tidy()
  assert.deepEqual([...kept.keys()].length, 1)
  assert.equal(await get(two, '/kiosk/', 'navigate'), second.served['/kiosk/'])
})
