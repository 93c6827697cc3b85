import { test } from 'tap'
import assert from 'node:assert/strict'
import { PrimaryLink, type Channel } from '../../src/app/primary-link.ts'
import type { FromWorker, ToWorker } from '../../src/app/worker-messages.ts'
import { until } from '../harness/wait.ts'
import { HandClock } from '../stand-ins/clock.ts'

function scene () {
  const clock = new HandClock()
  const sent: FromWorker[] = []
  const line = { connected: true, left: false, hear: (_: ToWorker): void => {} }
  const channel: Channel = {
    on: (_, heard) => { line.hear = heard },
    send (message, done) {
      sent.push(message)
      done()
    },
    isConnected: () => line.connected,
    disconnect: () => { line.left = true }
  }
  return { clock, sent, line, link: new PrimaryLink(channel, { clock, samples: async () => [] }) }
}

test('a worker says that it is there and learns which one it is', async () => {
  const { link, line, sent } = scene()
  const worker = link.begin()
  line.hear({ say: 'begin', worker: 3 })
  assert.deepEqual([await worker, sent], [3, [{ say: 'here' }]])
})

test('it hears why it shall end', async () => {
  const { link, line } = scene()
  line.hear({ say: 'drain', why: 'SIGTERM' })
  line.hear({ say: 'drain', why: 'SIGINT' })
  assert.equal(await link.told, 'SIGTERM')
})

test('it gives its samples under the number that they were asked for by', async () => {
  const { line, sent } = scene()
  line.hear({ say: 'sample', id: 9 })
  await until(() => sent.length === 1, { what: 'the samples' })
  assert.deepEqual(sent, [{ say: 'samples', id: 9, samples: [] }])
})

test('each scrape gets its own page', async () => {
  const { link, line } = scene()
  const pages = [link.scrape(), link.scrape()]
  line.hear({ say: 'scraped', id: 2, page: 'second' })
  line.hear({ say: 'scraped', id: 1, page: 'first' })
  assert.deepEqual(await Promise.all(pages), ['first', 'second'])
})

test('a scrape that is not answered, or with nothing, fails rather than tell half', async () => {
  const { link, line, clock } = scene()
  const pages = [link.scrape(), link.scrape()].map(async page => { await assert.rejects(page) })
  line.hear({ say: 'scraped', id: 1, page: null })
  clock.pass(3_000)
  await Promise.all(pages)
})

test('over a line that is cut nothing is said, and nobody waits', async () => {
  const { link, line, sent } = scene()
  line.connected = false
  await link.tell({ say: 'listening', url: 'http://127.0.0.1:1' })
  link.leave()
  assert.deepEqual([sent, line.left], [[], true])
})
