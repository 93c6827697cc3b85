import { test } from 'tap'
import assert from 'node:assert/strict'
import { prometheusMetrics } from '../../src/adapters/prometheus/metrics.ts'
import { Scrapes } from '../../src/app/scrapes.ts'
import { until } from '../harness/wait.ts'
import { HandClock } from '../stand-ins/clock.ts'

async function scene (workers: readonly number[]) {
  const clock = new HandClock()
  const asked: number[] = []
  const { samples } = prometheusMetrics()
  const scrapes = new Scrapes({
    clock,
    samples,
    ask (id) {
      asked.push(id)
      return [...workers]
    }
  })
  const given = await samples()
  return { clock, asked, scrapes, given }
}

/** Whose samples are on the page. */
function workersOn (page: string): string[] {
  return Array.from(page.matchAll(/^perch_sessions\{worker="(\w+)"\}/gm), ([, worker = '']) => worker)
}

test('a page waits for every worker', async () => {
  const { scrapes, asked, given } = await scene([1, 3])
  const page = scrapes.page()
  scrapes.take(asked[0] ?? 0, 3, given)
  scrapes.take(asked[0] ?? 0, 1, given)
  assert.deepEqual(workersOn(await page), ['primary', '1', '3'])
})

test('a worker that does not answer in time is left out, and its late answer is not taken for the next', async () => {
  const { scrapes, asked, given, clock } = await scene([1, 2])
  const first = scrapes.page()
  scrapes.take(asked[0] ?? 0, 1, given)
  clock.pass(1_500)
  assert.deepEqual(workersOn(await first), ['primary', '1'])
  const second = scrapes.page()
  scrapes.take(asked[0] ?? 0, 2, given)
  scrapes.take(asked[1] ?? 0, 1, given)
  clock.pass(1_500)
  assert.deepEqual(workersOn(await second), ['primary', '1'])
})

test('those who ask at the same time are given one page, and the next one a new one', async () => {
  const { scrapes, asked, given } = await scene([1])
  const pages = [scrapes.page(), scrapes.page(), scrapes.page()]
  assert.equal(asked.length, 1)
  scrapes.take(asked[0] ?? 0, 1, given)
  assert.equal(new Set(await Promise.all(pages)).size, 1)
  const next = scrapes.page()
  await until(() => asked.length === 2, { what: 'the workers are asked again' })
  scrapes.take(asked[1] ?? 0, 1, given)
  assert.deepEqual(workersOn(await next), ['primary', '1'])
})
