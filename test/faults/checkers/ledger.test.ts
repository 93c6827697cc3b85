import assert from 'node:assert/strict'
import { test } from 'tap'
import { checkLedgerHistory } from './ledger-history.ts'
import { checkLedgerOrder } from './ledger-order.ts'
import { claimOf, Story } from './story.ts'
import type { LedgerDump } from '../ledger-dump.ts'

const order = (ledger: LedgerDump): string[] => checkLedgerOrder(ledger, new Map()).map(({ kind, invariant }) => `${kind} ${invariant}`)

function history ({ operations, ledger }: Story, events = ledger.events): string[] {
  return checkLedgerHistory(operations, { ...ledger, events }).problems.map(({ kind, invariant }) => `${kind} ${invariant}`)
}

function sound (): Story {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.moves('c1', 's2', [2, 3])
  story.grants('c2', 's1', 'p2', [4, 5])
  story.ends('c1', [6, 7])
  return story
}

test('a ledger that says what was answered is sound', async () => {
  const story = sound()
  assert.deepEqual([order(story.ledger), history(story)], [[], []])
})

test('a position that is missing is found', async () => {
  const { ledger } = sound()
  assert.deepEqual(order({ ...ledger, events: ledger.events.filter(({ seq }) => seq !== 3) }), ['not in order INV-5'])
  assert.deepEqual(order({ ...ledger, seqs: new Map([['f1', 5]]) }), ['not in order INV-5'])
})

test('an event that comes twice is found', async () => {
  const { ledger } = sound()
  const [first] = ledger.events
  assert.ok(first !== undefined)
  assert.ok(order({ ...ledger, events: [first, ...ledger.events] }).includes('not in order INV-5'))
})

test('a space that is doubled in the ledger is found, and a person', async () => {
  const story = sound()
  story.record('granted', claimOf('c3', 's1', 'p3'))
  story.record('granted', claimOf('c4', 's4', 'p2'))
  assert.deepEqual(order(story.ledger), ['doubled INV-1', 'doubled INV-2'])
})

test('a claim that goes on after its end is found', async () => {
  const story = sound()
  story.record('checked-in', claimOf('c1', 's2', 'p1'))
  assert.deepEqual(order(story.ledger), ['doubled INV-4'])
})

test('a row that is not what its events say is found, and one that is missing', async () => {
  const { ledger } = sound()
  assert.deepEqual(order({ ...ledger, claims: ledger.claims.map(row => row.id === 'c2' ? { ...row, to: row.to + 1 } : row) }), ['other content INV-5'])
  assert.deepEqual(order({ ...ledger, claims: ledger.claims.filter(({ id }) => id !== 'c2') }), ['persisted lost INV-5'])
})

test('a commit that was set aside is found', async () => {
  assert.deepEqual(order({ ...sound().ledger, quarantined: 1 }), ['doubled INV-1'])
})

test('an answer that said persisted, and is not in the ledger, is found', async () => {
  const story = sound()
  assert.deepEqual(history(story, story.events.filter(({ claim }) => claim?.id !== 'c2')), ['persisted lost INV-5'])
})

test('a provisional answer that is not in the ledger is lost if its epoch has ended, and else a problem', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1], false)
  const without = { ...story.ledger, events: [] }
  assert.deepEqual(checkLedgerHistory(story.operations, without).problems.map(({ kind }) => kind), ['persisted lost'])
  const { problems, lost } = checkLedgerHistory(story.operations, { ...without, epoch: 2 })
  assert.deepEqual([problems, lost.length], [[], 1])
})

test('a repetition is kept when the claim was once like that', async () => {
  const story = sound()
  const [granted] = story.operations
  assert.ok(granted?.outcome.type === 'ok')
  story.asked(8, 9, granted.command, 'p1', { ...granted.outcome, status: 200, position: { floor: 'f1', epoch: 1, seq: 4 } })
  assert.deepEqual(history(story), [])
})

test('a claim that nobody asked for is found, and one for somebody else', async () => {
  const story = sound()
  story.record('granted', claimOf('c9', 's9', 'p9'))
  assert.deepEqual(history(story), ['other content INV-4'])
  const other = sound()
  assert.deepEqual(history(other, other.events.map(event => event.claim?.id === 'c2' ? { ...event, claim: { ...event.claim, person: 'p7' } } : event)), ['other content INV-4'])
})
