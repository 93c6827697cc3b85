import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { Formats } from '../../src/application/formats.ts'
import { commitOf, done, enliven, EPOCH, ORG, SHARD, withCode } from '../contract/store/office.ts'

async function open () {
  const newer = await enliven(memoryStore({ now: () => Date.now(), outboxLimit: 100, outboxReserve: 10 }))
  const formats = new Formats()
  return { newer, formats, store: formats.knownOnly(newer) }
}

const write = (body: string) => ({ floors: ['hq-3'], writes: [{ key: 'space/d1' as const, floor: 'hq-3', body }] })

test('a record of the format that this release writes is given as it is', async () => {
  const { newer, store, formats } = await open()
  await done(newer, write('[1,"s",[]]'))
  assert.equal((await store.read(ORG, ['space/d1'])).records.get('space/d1')?.body, '[1,"s",[]]')
  assert.equal(formats.newer, null)
})

test('a record of a newer format is refused, and stays as it is', async () => {
  const { newer, store, formats } = await open()
  await done(newer, write('[2,"s",[],"more"]'))
  await assert.rejects(store.read(ORG, ['space/d1', 'space/d2']), withCode('OUTDATED'))
  await assert.rejects(store.commit(commitOf({ checks: [{ key: 'space/d1', version: 0 }], ...write('[1,"s",[]]') })), withCode('OUTDATED'))
  assert.equal((await newer.read(ORG, ['space/d1'])).records.get('space/d1')?.body, '[2,"s",[],"more"]')
  assert.equal(formats.newer, 2)
})

test('an outbox entry of a newer format is refused, and stays where it is', async () => {
  const { newer, store, formats } = await open()
  await done(newer, { entry: '{"f":1,"org":"acme"}' })
  assert.equal((await store.outbox(SHARD, EPOCH, 0, 10)).length, 1)
  await done(newer, { entry: '{"f":12,"org":"acme"}' })
  await assert.rejects(store.outbox(SHARD, EPOCH, 0, 10), withCode('OUTDATED'))
  assert.equal(await newer.outboxLength(SHARD, EPOCH), 2)
  assert.equal(formats.newer, 12)
})
