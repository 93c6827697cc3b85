import { test } from 'tap'
import assert from 'node:assert/strict'
import { Ballot } from '../../../src/adapters/redis/ballot.ts'
import type { Vote } from '../../../src/adapters/redis/ballot.ts'

const kinds: readonly Vote[] = ['granted', 'refused', 'no answer']

/** Every way in which that many nodes can vote. */
function * everyWay (nodes: number): Generator<Vote[]> {
  if (nodes === 0) return yield []
  for (const rest of everyWay(nodes - 1)) for (const vote of kinds) yield [vote, ...rest]
}

function standings (votes: readonly Vote[]): string[] {
  const ballot = new Ballot(votes.length)
  return votes.map((vote, node) => {
    ballot.cast(node, vote)
    return ballot.standing()
  })
}

test('a ballot is granted by a quorum of grants, refused by a rival among a quorum of answers, and otherwise unanswered', async () => {
  for (const nodes of [1, 3, 5]) {
    for (const votes of everyWay(nodes)) {
      const count = (kind: Vote) => votes.filter(vote => vote === kind).length
      const unanswered = count('granted') + count('refused') <= nodes / 2
      const expected = count('granted') > nodes / 2 ? 'granted' : unanswered ? 'unanswered' : 'refused'
      assert.equal(standings(votes).at(-1), expected, votes.join())
    }
  }
})

test('a ballot that is decided stays as it is, whatever the other nodes vote', async () => {
  for (const nodes of [1, 3, 5]) {
    for (const votes of everyWay(nodes)) {
      const decided = standings(votes).filter(standing => standing !== 'open')
      assert.equal(new Set(decided).size, 1, votes.join())
    }
  }
})

test('a ballot is decided as soon as the votes that are out cannot change it', async () => {
  assert.deepEqual(standings(['refused', 'refused', 'granted']), ['open', 'refused', 'refused'])
  assert.deepEqual(standings(['granted', 'refused', 'granted']), ['open', 'open', 'granted'])
  assert.deepEqual(standings(['no answer', 'no answer', 'granted']), ['open', 'unanswered', 'unanswered'])
})

test('a ballot that is closed counts the votes that are out as no answer', async () => {
  const ballot = new Ballot(3)
  ballot.cast(0, 'refused')
  ballot.cast(1, 'granted')
  assert.equal(ballot.standing(), 'open')
  assert.equal(ballot.close(), 'refused')
  assert.equal(new Ballot(3).close(), 'unanswered')
})

test('a node votes once', async () => {
  const ballot = new Ballot(1)
  ballot.cast(0, 'no answer')
  ballot.cast(0, 'granted')
  assert.equal(ballot.standing(), 'unanswered')
})
