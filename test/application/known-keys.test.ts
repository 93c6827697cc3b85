import { test } from 'tap'
import assert from 'node:assert/strict'
import { newKeyToken } from '../../src/application/key-token.ts'
import type { ApiKey, KeyId } from '../../src/application/keys.ts'
import { KnownKeys } from '../../src/application/known-keys.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rest } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { KeysInMemory } from '../stand-ins/keys.ts'
import { noteThat } from '../stand-ins/notes.ts'

async function scene (t: Cleanup) {
  const [clock, keys] = [new HandClock(), new KeysInMemory()]
  const heard = { known: [] as string[], gone: [] as KeyId[][], trouble: [] as unknown[], inUse: [] as KeyId[] }
  const known = new KnownKeys({
    credentials: keys,
    clock,
    onKnown: org => heard.known.push(org),
    onGone: ids => heard.gone.push([...ids]),
    inUse: () => heard.inUse,
    onTrouble: error => heard.trouble.push(error)
  })
  t.after(() => known.close())
  const add = async (other: Partial<ApiKey> = {}) => {
    const { token, id, hash } = newKeyToken()
    await keys.addKey({ id, hash, org: 'acme', name: `key-${id}`, role: 'admin', site: null, createdAt: clock.now(), expiresAt: null, lastUsedAt: null, ...other }, noteThat('key-made', `key-${id}`))
    return { token, id }
  }
  const pass = async (ms: number) => {
    clock.pass(ms)
    await rest()
  }
  return { clock, keys, known, heard, add, pass }
}

const refused = { code: 'UNAUTHENTICATED' }

test('who has a key\'s token is what the key says, until the key expires', async t => {
  const { clock, known, add } = await scene(t)
  const expiresAt = clock.now() + MINUTE
  const { token, id } = await add({ name: 'ci', role: 'manager', site: 'hq', expiresAt })
  assert.deepEqual(await known.authenticate(token), { org: 'acme', id: 'key:ci', role: 'manager', person: null, site: 'hq', expiresAt, key: id })
  clock.pass(MINUTE)
  await assert.rejects(known.authenticate(token), refused)
})

test('nobody else is let in: no token, one of another form, an unknown id, another\'s secret, a secret cut short', async t => {
  const { known, add } = await scene(t)
  const [{ token }, other] = [await add(), await add()]
  await known.authenticate(token)
  for (const wrong of [null, '', 'a.b.c', newKeyToken().token, token.slice(0, -1), `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`, `${token.slice(0, 23)}${other.token.slice(23)}`]) {
    await assert.rejects(known.authenticate(wrong), refused, String(wrong))
  }
})

test('a key that is known costs no question, also while Postgres is away; one that is not has to wait for it', async t => {
  const { keys, known, add } = await scene(t)
  const [{ token }, other] = [await add(), await add()]
  await Promise.all(Array.from({ length: 10 }, async () => await known.authenticate(token)))
  assert.equal(keys.lookups, 1, 'who asks at the same time shares the question')
  keys.away = true
  await known.authenticate(token)
  await assert.rejects(known.authenticate(other.token), { code: 'LEDGER_BEHIND' })
  keys.away = false
  await known.authenticate(other.token)
})

test('a key whose revocation is told of lets nobody in any more, and whoever came with it goes at once', async t => {
  const { keys, known, heard, add, clock } = await scene(t)
  const { token, id } = await add({ name: 'ci' })
  await known.authenticate(token)
  await keys.revokeKey('acme', 'ci', clock.now(), noteThat('key-revoked', 'ci'))
  known.revoked([id])
  assert.deepEqual(heard.gone, [[id]])
  await assert.rejects(known.authenticate(token), refused)
})

test('who was let in while the key was revoked goes half a second later', async t => {
  const { keys, known, heard, add, clock, pass } = await scene(t)
  const { token, id } = await add({ name: 'ci' })
  let answer = (): void => {}
  keys.beforeAnswer = async () => await new Promise<void>(resolve => { answer = resolve })
  const asking = known.authenticate(token)
  await keys.revokeKey('acme', 'ci', clock.now(), noteThat('key-revoked', 'ci'))
  known.revoked([id])
  answer()
  await asking
  keys.beforeAnswer = async () => {}
  await assert.rejects(known.authenticate(token), refused, 'what was read before is not remembered')
  await pass(500)
  assert.deepEqual(heard.gone, [[id], [id]])
})

test('a key whose revocation nobody heard of is gone within half a second of its first use, else within five', async t => {
  const { keys, known, heard, add, clock, pass } = await scene(t)
  const [early, late] = [await add({ name: 'early' }), await add({ name: 'late' })]
  for (const { token } of [early, late]) await known.authenticate(token)
  await keys.revokeKey('acme', 'early', clock.now(), noteThat('key-revoked', 'early'))
  await pass(500)
  assert.deepEqual(heard.gone[0], [early.id])
  await assert.rejects(known.authenticate(early.token), refused)
  await keys.revokeKey('acme', 'late', clock.now(), noteThat('key-revoked', 'late'))
  await pass(5_000)
  assert.ok(heard.gone.some(ids => ids.includes(late.id)))
  await assert.rejects(known.authenticate(late.token), refused)
})

test('keys of connections are looked at though they are not remembered any more, and a look that fails is followed by another', async t => {
  const { keys, known, heard, add, clock, pass } = await scene(t)
  const [{ token }, { id }] = [await add(), await add({ name: 'connected' })]
  heard.inUse.push(id, id)
  await known.authenticate(token)
  await keys.revokeKey('acme', 'connected', clock.now(), noteThat('key-revoked', 'connected'))
  keys.away = true
  await pass(5_000)
  assert.deepEqual([heard.trouble.length > 0, heard.gone], [true, []])
  keys.away = false
  await pass(5_000)
  assert.deepEqual(heard.gone[0], [id])
})

test('the news of a key\'s org matter before anybody is let in with it', async t => {
  const { known, heard, add } = await scene(t)
  const { token } = await add({ org: 'globex' })
  await known.authenticate(token)
  assert.deepEqual(heard.known, ['globex'])
})

test('that a key is used is said once an hour', async t => {
  const { keys, known, add, clock, pass } = await scene(t)
  const { token, id } = await add()
  const usedAt = async () => (await keys.credential(id, clock.now()))?.lastUsedAt
  await known.authenticate(token)
  await pass(5_000)
  const hour = clock.now() - clock.now() % HOUR
  assert.equal(await usedAt(), hour)
  await keys.used([id], 0)
  await known.authenticate(token)
  await pass(HOUR)
  await known.authenticate(token)
  await pass(5_000)
  assert.equal(await usedAt(), hour + HOUR)
})

test('who makes up ids has no more than some looked up at a time, and is not remembered', async t => {
  const { keys, known, add } = await scene(t)
  const { token } = await add()
  await known.authenticate(token)
  let answer = (): void => {}
  const held = new Promise<void>(resolve => { answer = resolve })
  keys.beforeAnswer = async () => await held
  const made = Array.from({ length: 100 }, async () => await known.authenticate(newKeyToken().token).catch((error: { code: string }) => error.code))
  await known.authenticate(token)
  answer()
  const codes = await Promise.all(made)
  assert.equal(codes.filter(code => code === 'UNAUTHENTICATED').length, 32)
  assert.equal(codes.filter(code => code === 'UNAVAILABLE').length, 68)
  assert.equal(known.size, 1)
})

test('one that nobody knows and nobody uses is not looked at', async t => {
  const { keys, pass } = await scene(t)
  let looks = 0
  keys.gone = async () => {
    looks++
    return []
  }
  await pass(MINUTE)
  assert.equal(looks, 0)
})
