import assert from 'node:assert/strict'
import { test } from 'tap'
import { claimView } from '../../../src/protocol/claim.ts'
import { checkLedgerHistory } from './ledger-history.ts'
import { checkPlaces } from './places.ts'
import { claimOf, Story } from './story.ts'

/** What is wrong, by invariant. `split`: from and to. */
function wrong (story: Story, held = story.held, split: ReadonlyArray<{ from: number, to: number }> = []): string[] {
  const { operations, events, ledger } = story
  const check = checkPlaces({ operations, events, told: checkLedgerHistory(operations, ledger), epochs: { first: 1, last: story.epoch }, finally: held, split })
  assert.equal(check.undecided, 0)
  return check.problems.map(({ invariant, what }) => `${invariant} ${what.slice(0, what.indexOf(':'))}`)
}

/** Granted, and nothing of it in the ledger. */
function provisional (story: Story, claim: string, space: string, person: string, [from, to]: readonly [number, number]): void {
  const view = claimView(claimOf(claim, space, person))
  story.asked(from, to, { call: 'claim', claim, request: { space, person } }, person, { type: 'ok', status: 201, claim: view, position: { floor: 'f1', epoch: story.epoch, seq: 900 }, persisted: false })
}

test('claims, ends, moves and refusals in their order are sound', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.refuses('SPACE_TAKEN', 'c2', 's1', 'p2', [2, 3])
  story.refuses('PERSON_BUSY', 'c3', 's2', 'p1', [2, 3])
  story.moves('c1', 's2', [4, 5])
  story.grants('c4', 's1', 'p2', [6, 7])
  story.ends('c1', [8, 9])
  story.grants('c5', 's2', 'p1', [10, 11])
  assert.deepEqual(wrong(story), [])
})

test('one space that two are granted is found', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.grants('c2', 's1', 'p2', [2, 3])
  assert.deepEqual(wrong(story), ['INV-1 space s1 slot 1'])
})

test('two desks that one person is granted are found', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.grants('c2', 's2', 'p1', [0, 3])
  assert.deepEqual(wrong(story), ['INV-2 person p1 slot 1'])
})

test('one that is refused what is free is found', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.ends('c1', [2, 3])
  story.refuses('SPACE_TAKEN', 'c2', 's1', 'p2', [4, 5])
  assert.deepEqual(wrong(story), ['INV-1 space s1 slot 1'])
  const early = new Story()
  early.grants('c1', 's1', 'p1', [0, 1])
  early.refuses('SPACE_TAKEN', 'c2', 's1', 'p2', [2, 5])
  early.ends('c1', [3, 4])
  assert.deepEqual(wrong(early), [], 'it may have been asked before the end')
})

test('a claim that is granted again after its end is found', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.ends('c1', [2, 3])
  story.grants('c1', 's1', 'p1', [4, 5])
  assert.deepEqual(wrong(story), ['INV-1 space s1 slot 1', 'INV-2 person p1 slot 1'])
})

test('a claim that nobody was told of may be there, and may not be', async () => {
  for (const isThere of [true, false]) {
    const story = new Story()
    if (isThere) story.record('granted', claimOf('c1', 's1', 'p1'))
    story.asked(0, 1, { call: 'claim', claim: 'c1', request: { space: 's1', person: 'p1' } }, 'p1', { type: 'unknown', why: 'OUTCOME_UNKNOWN' })
    if (isThere) story.refuses('SPACE_TAKEN', 'c2', 's1', 'p2', [4, 5])
    assert.deepEqual(wrong(story), [])
  }
})

test('a claim that was granted and is not there in the end is found', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  assert.deepEqual(wrong(story, []), ['INV-1 space s1 slot 1', 'INV-2 person p1 slot 1'])
})

test('a provisional claim may be gone in the next epoch, and not before', async () => {
  const lost = new Story()
  provisional(lost, 'c1', 's1', 'p1', [0, 1])
  lost.epoch = 2
  lost.grants('c2', 's1', 'p2', [2, 3])
  assert.deepEqual(wrong(lost), [])
  const doubled = new Story()
  provisional(doubled, 'c1', 's1', 'p1', [0, 1])
  doubled.grants('c2', 's1', 'p2', [2, 3])
  doubled.epoch = 2
  assert.deepEqual(wrong(doubled), ['INV-1 space s1 slot 1'])
})

test('what was recorded is there in the next epoch', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.epoch = 2
  story.grants('c2', 's1', 'p2', [2, 3])
  assert.deepEqual(wrong(story), ['INV-1 space s1 slot 1'])
})

test('who may have asked an old primary is not believed, but for what the ledger has', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  story.ends('c1', [2, 3])
  story.refuses('SPACE_TAKEN', 'c2', 's1', 'p2', [4, 5])
  assert.deepEqual(wrong(story, story.held, [{ from: 4, to: 6 }]), [])
  story.grants('c3', 's1', 'p3', [4, 5])
  story.grants('c4', 's1', 'p4', [5, 6])
  assert.deepEqual(wrong(story, story.held, [{ from: 4, to: 6 }]), ['INV-1 space s1 slot 1'])
})

test('two who ask for the same move, of whom one is told of the other\'s, are sound', async () => {
  const story = new Story()
  story.grants('c1', 's1', 'p1', [0, 1])
  const move = story.moves('c1', 's2', [2, 9])
  story.asked(3, 8, move.command, 'p1', move.outcome)
  assert.deepEqual(wrong(story), [])
})
