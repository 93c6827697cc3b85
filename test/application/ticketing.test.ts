import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryTickets } from '../../src/adapters/memory/tickets.ts'
import type { Principal } from '../../src/application/principal.ts'
import { ticketing, TICKETS_PER_PRINCIPAL, TICKET_MS } from '../../src/application/ticketing.ts'
import type { TicketNote, Tickets } from '../../src/application/tickets.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { MINUTE } from '../../src/domain/time.ts'
import { HandClock } from '../stand-ins/clock.ts'

function scene () {
  const clock = new HandClock()
  const memory = memoryTickets(() => clock.monotonic())
  const [notes, counted]: [TicketNote[], string[]] = [[], []]
  const revoked = new Set<string>()
  const tickets: Tickets = {
    ...memory,
    async put (note, ttlMs, most) {
      notes.push(note)
      return await memory.put(note, ttlMs, most)
    }
  }
  const desk = ticketing({
    tickets,
    clock,
    metrics: { ticket: what => { counted.push(what) } },
    seal: text => Buffer.from(text).toString('hex'),
    async mustWork ({ key }) {
      if (key !== undefined && revoked.has(key)) throw new PerchError('UNAUTHENTICATED')
    }
  })
  return { clock, desk, notes, counted, revoked }
}

const ADA: Principal = { org: 'acme', id: 'person:ada', role: 'member', person: 'ada', site: null, expiresAt: null }
const CI: Principal = { org: 'acme', id: 'key:ci', role: 'admin', person: null, site: 'hq', expiresAt: null, key: '0123456789abcdef' }
const refused = { code: 'UNAUTHENTICATED' }

test('who shows a ticket is who asked for it, once', async () => {
  const { clock, desk, counted } = scene()
  for (const principal of [ADA, CI]) {
    const { ticket, expiresAt } = await desk.issue(principal)
    assert.equal(expiresAt, clock.now() + TICKET_MS)
    assert.deepEqual(await desk.redeem(ticket), principal)
    await assert.rejects(desk.redeem(ticket), refused)
  }
  assert.deepEqual(counted, ['made', 'used', 'refused', 'made', 'used', 'refused'])
})

test('a ticket is good for half a minute', async () => {
  const { clock, desk } = scene()
  const [early, late] = [await desk.issue(ADA), await desk.issue(ADA)]
  clock.pass(TICKET_MS - 1)
  await desk.redeem(early.ticket)
  clock.pass(1)
  await assert.rejects(desk.redeem(late.ticket), refused)
})

test('a ticket is worth no more than what it was made with: it ends with the token, and with the key that was revoked', async () => {
  const { clock, desk, revoked } = scene()
  const short = await desk.issue({ ...ADA, expiresAt: clock.now() + 1_000 })
  const ofKey = await desk.issue(CI)
  clock.pass(1_000)
  revoked.add(CI.key ?? '')
  await assert.rejects(desk.redeem(short.ticket), refused)
  await assert.rejects(desk.redeem(ofKey.ticket), refused)
  const { ticket } = await desk.issue({ ...ADA, expiresAt: clock.now() + MINUTE })
  assert.equal((await desk.redeem(ticket)).expiresAt, clock.now() + MINUTE)
})

test('what is no ticket is not even looked up', async () => {
  const { desk, notes } = scene()
  const { ticket } = await desk.issue(ADA)
  for (const text of ['', ticket.slice(1), `${ticket}A`, 'perch_0123456789abcdef_x', notes[0]?.name ?? '', `${ticket}\n`, '../x', '*']) await assert.rejects(desk.redeem(text), refused, text)
  await desk.redeem(ticket)
})

test('whoever reads what is kept can neither come in with it nor sees in its names whose it is', async () => {
  const { desk, notes } = scene()
  const { ticket } = await desk.issue(ADA)
  const [note] = notes
  assert.ok(note !== undefined && !JSON.stringify(note).includes(ticket))
  assert.doesNotMatch(note.name + note.holder, /ada|acme/)
})

test('a principal has no more than some tickets at a time, and is in nobody\'s way', async () => {
  const { clock, desk } = scene()
  for (let i = 0; i < TICKETS_PER_PRINCIPAL; i++) await desk.issue(ADA)
  await assert.rejects(desk.issue(ADA), { code: 'RATE_LIMITED' })
  await desk.issue(CI)
  clock.pass(TICKET_MS)
  await desk.issue(ADA)
})
