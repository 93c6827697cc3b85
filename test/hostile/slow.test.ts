import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { upgradeRequest } from '../transports/live/raw-socket.ts'
import type { Attacker } from './attacker.ts'
import { openScene } from './scene.ts'

/** Headers have 10 s, looked at every 5 s; a whole request has 30 s. */
const HEADERS_WITHIN_MS = 20_000
const REQUEST_WITHIN_MS = 45_000
/** Of strangers from one address. */
const MOST = 2_000
const HALF_OPEN = 5_000

const statusOf = (answer: string): number => Number(answer.split(' ')[1] ?? 0)

/** What each was answered until it ended; null: it is still open. */
class Held {
  readonly answers: Array<string | null> = []

  hold (tcp: Socket): void {
    const i = this.answers.push(null) - 1
    let heard = ''
    tcp.on('data', part => { heard += part.toString('latin1') }).on('close', () => { this.answers[i] = heard })
  }

  get open (): number {
    return this.answers.filter(answer => answer === null).length
  }
}

/** One byte a second on each, for as long as it is open. */
function dribble (t: Cleanup, sockets: readonly Socket[]): void {
  const timer = setInterval(() => { for (const tcp of sockets) if (tcp.writable) tcp.write('a') }, 1_000)
  t.after(() => clearInterval(timer))
}

/** So many upgrades that are never finished: at most `MOST` stay until their time is over. */
async function halfOpen (eve: Attacker, member: string): Promise<void> {
  const held = new Held()
  const half = upgradeRequest('/v1/live', [`authorization: Bearer ${member}`]).slice(0, 120)
  for (let i = 0; i < HALF_OPEN; i++) {
    const tcp = eve.connect()
    held.hold(tcp)
    tcp.write(half)
    // No more under way at once than the kernel holds for the node.
    if (i % 100 === 99) await until(() => !tcp.connecting || tcp.destroyed, { what: 'the connection' })
  }
  await until(() => held.open <= MOST, { what: 'those that are too many to be sent away' })
  await until(() => held.open === 0, { what: 'the others to be cut off', withinMs: HEADERS_WITHIN_MS })
  const statuses = held.answers.map(answer => statusOf(answer ?? ''))
  assert.ok(statuses.filter(status => status === 400).length <= MOST)
  assert.deepEqual(new Set(statuses.filter(status => status !== 0)), new Set([400, 429]))
}

/** Headers, upgrades and bodies byte by byte. */
async function byteByByte (t: Cleanup, eve: Attacker, member: string): Promise<void> {
  const [headers, bodies] = [new Held(), new Held()]
  const begin = (held: Held, text: string): Socket => {
    const tcp = eve.connect()
    held.hold(tcp)
    tcp.write(text)
    return tcp
  }
  const sockets = Array.from({ length: 100 }, () => [
    begin(headers, 'GET /v1/floors HTTP/1.1\r\nhost: x\r\nx-a: '),
    begin(headers, `${upgradeRequest('/v1/live').slice(0, -2)}x-a: `),
    begin(bodies, `POST /v1/claims HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${member}\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n`)
  ]).flat()
  dribble(t, sockets)
  await until(() => headers.open === 0, { what: 'the slow headers to be cut off', withinMs: HEADERS_WITHIN_MS })
  await until(() => bodies.open === 0, { what: 'the slow bodies to be cut off', withinMs: REQUEST_WITHIN_MS })
  for (const { answers } of [headers, bodies]) assert.ok(answers.every(answer => [0, 400].includes(statusOf(answer ?? ''))), [...new Set(answers)].join('\n'))
}

test('5,000 half-open upgrades, and headers, bodies and upgrades that come byte by byte, are over when their time is', async t => {
  const { member, attacker, endures } = await openScene(t, { PRINCIPAL_RATE: '1000' })
  await endures(t, async () => {
    await Promise.all([halfOpen(attacker(t, '127.0.0.90'), member), byteByByte(t, attacker(t, '127.0.0.91'), member)])
  })
})
