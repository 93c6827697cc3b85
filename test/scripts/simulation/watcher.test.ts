import assert from 'node:assert/strict'
import { test, type Test } from 'tap'
import { ended, type Connect, type ConnectionEvents, type WatchOf } from '../../../scripts/simulation/connection.ts'
import { Figures } from '../../../scripts/simulation/figures.ts'
import { Watcher } from '../../../scripts/simulation/watcher.ts'
import { Unreachable } from '../../../src/cli/seed/api.ts'
import type { ClientFrame, ServerFrame } from '../../../src/protocol/frames.ts'
import type { CountsView } from '../../../src/protocol/view.ts'
import { until } from '../../harness/wait.ts'

const counts: CountsView = { free: 0, freeBriefly: 0, reserved: 0, occupied: 0, blocked: 0, unknown: 0, zones: {} }
const soon = { minMs: 0, maxMs: 5 }
const welcome: ServerFrame = { type: 'welcome', now: '2026-03-02T08:00:00Z', pulseMs: 5_000, retry: soon, version: '1.2.3' }
const snapshot = (epoch: number, seq: number): ServerFrame => ({ type: 'snapshot', floor: 'f', epoch, seq, plan: 1, audience: 'named', spaces: [], counts })
const diff = (epoch: number, from: number, to: number): ServerFrame => ({ type: 'diff', floor: 'f', epoch, from, to, spaces: [], counts })
const pulse = (epoch: number, seq: number): ServerFrame => ({ type: 'pulse', now: '2026-03-02T08:00:00Z', floors: { f: { epoch, seq, checkedAt: new Date().toISOString() } } })

interface Line {
  events: ConnectionEvents
  watched: WatchOf[]
  sent: ClientFrame[]
  dropped: boolean
}

/** A watcher of floor f whose connections are in the test's hands. */
function watching (t: Test): { watcher: Watcher, lines: Line[], figures: Figures, line (): Line } {
  const lines: Line[] = []
  const connect: Connect = events => {
    const line: Line = { events, watched: [], sent: [], dropped: false }
    lines.push(line)
    return {
      commands: true,
      watch: of => line.watched.push(of),
      send: frame => line.sent.push(frame),
      drop: () => {
        line.dropped = true
        events.closed(ended('dropped'))
      }
    }
  }
  const figures = new Figures()
  const watcher = new Watcher({ transport: 'websocket', audience: 'named', floors: ['f'], connect, figures })
  t.after(() => watcher.stop())
  watcher.start()
  const line = () => {
    const last = lines.at(-1)
    assert.ok(last)
    return last
  }
  line().events.opened()
  line().events.frame(welcome)
  return { watcher, lines, figures, line }
}

test('a watcher that comes back watches from where it was', async t => {
  const { watcher, lines, line } = watching(t)
  assert.deepEqual(line().watched, [{ floor: 'f', audience: 'named', position: null }])
  line().events.frame(snapshot(1, 4))
  line().events.frame(diff(1, 4, 6))
  watcher.drop()
  assert.equal(watcher.current, false)
  await until(() => lines.length === 2, { what: 'the second connection' })
  line().events.opened()
  assert.deepEqual(line().watched, [{ floor: 'f', audience: 'named', position: { epoch: 1, seq: 6 } }])
})

test('a gap makes a watcher watch again with its position', async t => {
  const { line, figures } = watching(t)
  line().events.frame(snapshot(1, 4))
  line().events.frame(diff(1, 5, 6))
  assert.deepEqual(line().watched.slice(1), [{ floor: 'f', audience: 'named', position: { epoch: 1, seq: 4 } }])
  assert.equal(figures.gaps, 1)
})

test('a watcher that two pulses find behind at the same place watches again, and one that moves on does not', async t => {
  const { line } = watching(t)
  line().events.frame(snapshot(1, 4))
  line().events.frame(pulse(1, 6))
  line().events.frame(diff(1, 4, 5))
  line().events.frame(pulse(1, 6))
  assert.equal(line().watched.length, 1)
  line().events.frame(pulse(1, 6))
  assert.equal(line().watched.length, 2)
})

test('a watcher is current while it is connected and confirmed', async t => {
  const { watcher, line } = watching(t)
  assert.equal(watcher.current, false)
  line().events.frame(snapshot(1, 4))
  assert.equal(watcher.current, true)
})

test('a close that is final ends a watcher, and says why', async t => {
  const { watcher, lines, line } = watching(t)
  line().events.closed(ended('4102', true))
  assert.equal(watcher.failure, '4102')
  assert.equal(lines.length, 1)
})

test('a command gets the reply of its own id; when the connection ends first, nobody knows', async t => {
  const { watcher, line } = watching(t)
  const first = watcher.send({ call: 'release', claim: 'c1' })
  const second = watcher.send({ call: 'release', claim: 'c2' })
  const [sent] = line().sent
  assert.ok(sent)
  line().events.frame({ type: 'reply', id: sent.id, ok: false, error: { code: 'CLAIM_ENDED', message: 'the claim has ended', retry: false } })
  assert.deepEqual(await first, { state: 'refused', code: 'CLAIM_ENDED', retry: false, alternatives: [] })
  watcher.drop()
  await assert.rejects(second, Unreachable)
})

test('a watcher that came back to a server that is recovering watches again, however fresh what it has', async t => {
  const { watcher, lines, line } = watching(t)
  line().events.frame(snapshot(1, 4))
  watcher.drop()
  await until(() => lines.length === 2, { what: 'the second connection' })
  line().events.opened()
  line().events.frame(welcome)
  const refused: ServerFrame = { type: 'reply', id: 'w1', ok: false, error: { code: 'RECOVERING', message: '', retry: true } }
  line().events.frame(refused)
  line().events.frame(refused)
  await until(() => line().watched.length === 2, { what: 'the second watch' })
  assert.deepEqual(line().watched[1]?.position, { epoch: 1, seq: 4 })
  line().events.frame(refused)
  await until(() => line().watched.length > 2, { what: 'the third' })
  assert.equal(line().watched.length, 3, 'once for all that were refused')
})
