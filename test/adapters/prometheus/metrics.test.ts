import { test } from 'tap'
import assert from 'node:assert/strict'
import { prometheusMetrics } from '../../../src/adapters/prometheus/metrics.ts'
import { measuredCommands } from '../../../src/application/measured-commands.ts'
import type { Commands } from '../../../src/application/commands.ts'
import { GAUGES, type Gauge } from '../../../src/application/metrics.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import { HandClock } from '../../stand-ins/clock.ts'

/** Samples by name and labels. */
async function samples (metrics: ReturnType<typeof prometheusMetrics>): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

test('what the keeper, the stream, the guard and HTTP tell is counted', async () => {
  const metrics = prometheusMetrics()
  metrics.recorded(3, 40, 12)
  metrics.fired(3, 2, 180)
  metrics.conflict()
  metrics.held(64)
  metrics.trouble('recorder', 3, new Error('x'))
  metrics.recovery(3, 'thaw', {})
  metrics.rebuilding(3, { spaces: 200, claims: 0, left: 800 })
  metrics.lost(3, 'answer', ['c1', 'c2'])
  metrics.sent(10, 2_560)
  metrics.sessions(1)
  metrics.sessions(1)
  metrics.sessions(-1)
  metrics.guarded('unguarded')
  metrics.answered('GET', '/v1/people/:person', 200, 4)
  const found = await samples(metrics)
  for (const [name, value] of Object.entries({
    perch_ledger_commits_total: 40,
    perch_ledger_lag_seconds_sum: 0.012,
    perch_deadlines_fired_total: 2,
    'perch_deadline_lateness_seconds_bucket{le="0.25"}': 1,
    perch_commit_conflicts_total: 1,
    perch_shards_held: 64,
    'perch_troubles_total{piece="recorder"}': 1,
    'perch_recovery_steps_total{step="thaw"}': 1,
    perch_rebuilt_spaces_total: 200,
    perch_rebuild_spaces_left: 800,
    'perch_lost_claims_total{by="answer"}': 2,
    perch_frames_sent_total: 10,
    perch_frame_bytes_total: 2_560,
    perch_sessions: 1,
    'perch_guard_answers_total{state="unguarded"}': 1,
    'perch_http_requests_total{method="GET",route="/v1/people/:person",status="200"}': 1
  })) assert.equal(found.get(name), value, name)
  assert.ok([...found.keys()].some(name => name.startsWith('nodejs_eventloop_lag')))
})

test('of the process a scrape tells what it can without a look at every handle', async () => {
  const found = [...(await samples(prometheusMetrics())).keys()]
  for (const name of ['process_open_fds', 'process_max_fds', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']) assert.ok(found.includes(name), name)
  assert.deepEqual(found.filter(name => /^nodejs_active_(?:handles|resources)/.test(name)), [])
})

test('commands are counted by what they came to, on every transport', async () => {
  const metrics = prometheusMetrics()
  const refuse = async () => { throw new PerchError('SPACE_TAKEN') }
  const fail = async () => { throw new TypeError('x') }
  const read = async () => [{ space: 'd1', result: 'applied' as const }, { space: 'd2', result: 'refused' as const, error: { code: 'SPACE_UNKNOWN' as const, message: '', retry: false } }]
  const commands = measuredCommands({ claim: refuse, release: fail, claims: async () => [], read } as unknown as Commands, metrics, new HandClock())
  const someone = { org: 'acme', id: 'x', role: 'admin' as const, person: null, site: null, expiresAt: null }
  await assert.rejects(commands.claim(someone, { space: 'd1' }), { code: 'SPACE_TAKEN' })
  await assert.rejects(commands.release(someone, 'c'), TypeError)
  await commands.claims(someone, {})
  await commands.read(someone, { readings: [] })
  const found = await samples(metrics)
  for (const [operation, code] of [['claim', 'SPACE_TAKEN'], ['release', 'INTERNAL'], ['claims', 'ok'], ['read', 'ok'], ['read', 'SPACE_UNKNOWN']]) {
    assert.equal(found.get(`perch_commands_total{operation="${operation}",code="${code}"}`), 1, `${operation} ${code}`)
  }
})

test('sizes are looked at when somebody asks, and one that cannot be does not spoil the rest', async () => {
  const metrics = prometheusMetrics()
  let size = 1
  for (const gauge of Object.keys(GAUGES) as Gauge[]) {
    metrics.watch(gauge, async () => {
      if (gauge === 'outbox' && size === 2) throw new PerchError('RECOVERING')
      return size
    })
  }
  assert.equal((await samples(metrics)).get('perch_cached_records'), 1)
  size = 2
  const later = await samples(metrics)
  assert.deepEqual([later.get('perch_cached_records'), later.get('perch_outbox')], [2, 1])
})

test('two nodes in one process do not mix', async () => {
  const [one, two] = [prometheusMetrics(), prometheusMetrics()]
  one.conflict()
  assert.equal((await samples(two)).get('perch_commit_conflicts_total'), 0)
})

test('devices are told by role and state, and a role of which none is left no more', async () => {
  const metrics = prometheusMetrics()
  let counts = [{ role: 'kiosk' as const, online: 3, silent: 1, unwell: 2 }, { role: 'sensor' as const, online: 0, silent: 4, unwell: 0 }]
  metrics.watchDevices(async () => {
    if (counts.length === 0) throw new PerchError('LEDGER_BEHIND')
    return counts
  })
  const told = async () => [...await samples(metrics)].filter(([name]) => name.startsWith('perch_devices'))
  const both = [
    ['perch_devices{role="kiosk",state="online"}', 3], ['perch_devices{role="kiosk",state="silent"}', 1], ['perch_devices{role="sensor",state="online"}', 0], ['perch_devices{role="sensor",state="silent"}', 4],
    ['perch_devices_unwell{role="kiosk"}', 2], ['perch_devices_unwell{role="sensor"}', 0]
  ]
  assert.deepEqual(await told(), both)
  counts = []
  assert.deepEqual(await told(), both, 'while Postgres is away')
  counts = [{ role: 'kiosk', online: 1, silent: 0, unwell: 0 }]
  assert.deepEqual(await told(), [['perch_devices{role="kiosk",state="online"}', 1], ['perch_devices{role="kiosk",state="silent"}', 0], ['perch_devices_unwell{role="kiosk"}', 0]])
})
