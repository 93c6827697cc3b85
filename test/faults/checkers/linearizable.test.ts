import assert from 'node:assert/strict'
import { test } from 'tap'
import { seeded } from '../../harness/random.ts'
import { linearize, type Call, type Model } from './linearizable.ts'

type Act = { write: number } | { read: number }

const register: Model<number, Act> = {
  initial: 0,
  step: (state, input) => 'write' in input ? input.write : input.read === state ? state : null,
  keyOf: String
}

const at = (invokedAt: number, returnedAt: number, input: Act): Call<Act> => ({ invokedAt, returnedAt, optional: false, input })
const perhaps = (invokedAt: number, input: Act): Call<Act> => ({ invokedAt, returnedAt: Infinity, optional: true, input })
const stateOf = (...calls: Array<Call<Act>>): string => linearize(calls, register).state

test('what happened one after the other has that order', async () => {
  assert.equal(stateOf(at(0, 1, { write: 1 }), at(2, 3, { read: 1 })), 'linearizable')
  assert.equal(stateOf(at(0, 1, { write: 1 }), at(2, 3, { read: 0 })), 'not')
})

test('what happened at once has any order, but one for all', async () => {
  assert.equal(stateOf(at(0, 9, { write: 1 }), at(1, 2, { read: 0 }), at(3, 4, { read: 1 })), 'linearizable')
  assert.equal(stateOf(at(0, 9, { write: 1 }), at(1, 2, { read: 1 }), at(3, 4, { read: 0 })), 'not')
  assert.equal(stateOf(at(0, 1, { write: 1 }), at(1, 2, { read: 0 })), 'linearizable', 'the same moment is at once')
})

test('what nobody knows of may have happened late, or never, and not before it was asked for', async () => {
  assert.equal(stateOf(perhaps(0, { write: 1 }), at(1, 2, { read: 0 }), at(3, 4, { read: 1 })), 'linearizable')
  assert.equal(stateOf(perhaps(0, { write: 1 }), at(1, 2, { read: 0 })), 'linearizable')
  assert.equal(stateOf(at(1, 2, { read: 1 }), perhaps(3, { write: 1 })), 'not')
})

test('what cannot be next is told', async () => {
  const result = linearize([at(0, 1, { write: 1 }), at(2, 3, { read: 7 })], register)
  assert.deepEqual(result, { state: 'not', placed: 1, stuck: [at(2, 3, { read: 7 })] })
})

test('a search that takes too long is given up', async () => {
  const calls = Array.from({ length: 14 }, (_, i) => at(0, 100, { write: i + 1 }))
  assert.equal(linearize([...calls, at(101, 102, { read: 99 })], register, 1_000).state, 'undecided')
})

test('histories of a real register are found sound, and unsound when one answer is changed, whatever the seed', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed)
    const calls: Array<Call<Act>> = []
    let value = 0
    for (let i = 0; i < 40; i++) {
      // Done at whole moments, in their order; asked for before and answered after.
      const [before, after] = [random() * 3, random() * 3]
      const writes = random() < 0.5
      if (writes) value = i + 1
      calls.push(at(i - before, i + after, writes ? { write: value } : { read: value }))
    }
    assert.equal(linearize(calls, register).state, 'linearizable', `seed ${seed}`)
    const changed = calls.map(({ input, ...call }, i) => ({ ...call, input: i === 39 ? { read: 1_000 } : input }))
    assert.equal(linearize(changed, register).state, 'not', `seed ${seed}`)
  }
})
