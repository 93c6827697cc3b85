import assert from 'node:assert/strict'
import { test } from 'tap'
import { simulate } from './run.ts'
import { Scheduler } from './scheduler.ts'

test('a run is a function of its seed, whether it is traced or not, and whatever ran before', async () => {
  const [first, other, again] = [await simulate({ seed: 4 }), await simulate({ seed: 5 }), await simulate({ seed: 4, traced: true })]
  assert.deepEqual({ ...again, lines: [] }, first)
  assert.notEqual(other.digest, first.digest)
  assert.ok(again.lines.length > 100)
  assert.deepEqual(await simulate({ seed: 4, traced: true }), again)
})

test('between two steps all promises come to rest, however long their chain', async () => {
  const scheduler = new Scheduler(1, false)
  let links = 0
  scheduler.after(1, () => {
    const chain = async (): Promise<void> => { for (let i = 0; i < 10_000; i++) links = await Promise.resolve(i) }
    chain().catch(assert.fail)
  })
  let seen = 0
  scheduler.after(2, () => { seen = links })
  await scheduler.run(() => false)
  assert.equal(seen, 9_999)
})

test('steps are done in the order of their moments, and what was taken back is not', async () => {
  const scheduler = new Scheduler(1, false)
  const done: number[] = []
  for (const ms of [5, 1, 4, 2, 3]) scheduler.after(ms, () => done.push(ms))
  scheduler.after(2.5, assert.fail).run = null
  await scheduler.run(() => false)
  assert.deepEqual(done, [1, 2, 3, 4, 5])
})
