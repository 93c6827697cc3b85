import assert from 'node:assert/strict'
import { test } from 'tap'
import { Loads } from '../../src/application/loads.ts'
import type { Store } from '../../src/application/ports.ts'
import { Turns } from '../../src/application/turns.ts'
import { rest } from '../harness/stream-node.ts'

const FREEZE = { shard: 3, epoch: 7, keeper: 'k' }

/** A store whose loads end when the test says so. */
function slowStore () {
  const under: Array<{ records: number, end (error?: Error): void }> = []
  const load: Store['load'] = async (_, { records }) => await new Promise((resolve, reject) => {
    under.push({ records: records.length, end: error => error === undefined ? resolve() : reject(error) })
  })
  return { under, loads: new Loads({ load } as Store, FREEZE, 9) }
}

function put (loads: Loads, count: number): void {
  for (let i = 0; i < count; i++) loads.put('acme', `claim/c${i}`, null, 'a')
}

test('a shard is loaded in large parts, a few of them at a time', async () => {
  const { under, loads } = slowStore()
  put(loads, 3_000)
  assert.deepEqual([under.map(({ records }) => records), loads.room()], [[1_000, 1_000, 1_000], undefined])
  put(loads, 1_500)
  let room = false
  loads.room()?.then(() => { room = true }, () => {})
  await rest()
  assert.equal(room, false, 'four are on their way')
  under[1]?.end()
  await rest()
  assert.equal(room, true)
  const done = loads.done()
  for (const { end } of under) end()
  await done
  assert.deepEqual(under.map(({ records }) => records), [1_000, 1_000, 1_000, 1_000, 500])
})

test('a load that fails is told to whoever goes on, and to whoever waits for the end', async () => {
  const { under, loads } = slowStore()
  put(loads, 1_000)
  under[0]?.end(new Error('frozen by another'))
  await rest()
  await assert.rejects(async () => await loads.room(), /frozen by another/)
  const done = loads.done()
  under[1]?.end()
  await assert.rejects(done, /frozen by another/)
})

test('turns are given to so many at a time, in their order, also after one that failed', async () => {
  const turns = new Turns(2)
  const running: number[] = []
  const ends: Array<() => void> = []
  const all = [0, 1, 2, 3].map(i => turns.take(async () => {
    running.push(i)
    await new Promise<void>((resolve, reject) => { ends[i] = i === 0 ? () => reject(new Error('no')) : resolve })
  }))
  all[0]?.catch(() => {})
  await rest()
  assert.deepEqual(running, [0, 1])
  ends[0]?.()
  await rest()
  assert.deepEqual(running, [0, 1, 2])
  ends[2]?.()
  await rest()
  assert.deepEqual(running, [0, 1, 2, 3])
  ends[1]?.()
  ends[3]?.()
  await assert.rejects(all[0] ?? Promise.resolve(), /no/)
  await Promise.all(all.slice(1))
})
