import { test } from 'tap'
import assert from 'node:assert/strict'
import { prometheusMetrics, type PrometheusMetrics } from '../../../src/adapters/prometheus/metrics.ts'
import { pageOf, type Samples } from '../../../src/adapters/prometheus/samples.ts'
import { supervisingMetrics } from '../../../src/adapters/prometheus/supervising.ts'

/** As they come from another process. */
async function sent (metrics: Pick<PrometheusMetrics, 'samples'>): Promise<Samples> {
  return JSON.parse(JSON.stringify(await metrics.samples())) as Samples
}

function linesOf (page: string): string[] {
  return page.split('\n').filter(line => line !== '')
}

test('one page has every sample of every worker, told apart by a label', async () => {
  const [one, two, primary] = [prometheusMetrics(), prometheusMetrics(), supervisingMetrics()]
  one.sessions(3)
  two.sessions(4)
  two.answered('GET', '/v1/floors', 200, 4)
  primary.serving(2)
  const page = linesOf(await pageOf(new Map([['primary', await sent(primary)], ['1', await sent(one)], ['2', await sent(two)]])))
  for (const line of [
    'perch_sessions{worker="1"} 3',
    'perch_sessions{worker="2"} 4',
    'perch_workers_serving{worker="primary"} 2',
    'perch_http_requests_total{worker="2",method="GET",route="/v1/floors",status="200"} 1',
    'perch_http_request_seconds_bucket{worker="2",le="0.005",route="/v1/floors"} 1'
  ]) assert.ok(page.includes(line), line)
  for (const name of ['process_start_time_seconds', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']) {
    assert.deepEqual(page.filter(line => line.startsWith(`${name}{`)).map(line => /worker="(\w+)"/.exec(line)?.[1]), ['primary', '1', '2'])
  }
})

test('what is not known yet is no number, and no other word', async () => {
  const metrics = prometheusMetrics()
  metrics.held(NaN)
  assert.ok(linesOf(await pageOf(new Map([['1', await sent(metrics)]]))).includes('perch_shards_held{worker="1"} Nan'))
})

test('every metric stands once with its help, and all its samples below it', async () => {
  const [one, two] = [prometheusMetrics(), prometheusMetrics()]
  for (const metrics of [one, two]) metrics.recorded(1, 2, 3)
  // Taken once: a collection of a new kind between two looks is a family's worth of samples more.
  const [ofOne, ofTwo] = [await sent(one), await sent(two)]
  const page = linesOf(await pageOf(new Map([['1', ofOne], ['2', ofTwo]])))
  const alone = await Promise.all([ofOne, ofTwo].map(async samples => linesOf(await pageOf(new Map([['1', samples]])))))
  const heads = (lines: readonly string[]) => lines.filter(line => line.startsWith('#'))
  assert.deepEqual(heads(page).sort(), heads(alone[0] ?? []).sort())
  let head = ''
  for (const line of page) {
    if (line.startsWith('#')) head = line.split(' ')[2] ?? ''
    else assert.ok(line.startsWith(head), `${line} below ${head}`)
  }
  assert.equal(page.length - heads(page).length, alone.reduce((sum, lines) => sum + lines.length - heads(lines).length, 0))
})
