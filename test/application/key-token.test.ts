import { test } from 'tap'
import assert from 'node:assert/strict'
import { isKeyToken, isSecretOf, newKeyToken, readKeyToken } from '../../src/application/key-token.ts'

test('a token has its id and 256 random bits, and only their hash is kept', async () => {
  const { token, id, hash } = newKeyToken()
  const read = readKeyToken(token)
  assert.equal(read?.id, id)
  assert.equal(Buffer.from(read?.secret ?? '', 'base64url').length, 32)
  assert.match(hash, /^[0-9a-f]{64}$/)
  assert.ok(!token.includes(hash) && !hash.includes(read?.secret ?? ''))
  assert.ok(isKeyToken(token))
})

test('no two tokens are alike in anything', async () => {
  const all = Array.from({ length: 1_000 }, newKeyToken)
  for (const part of ['token', 'id', 'hash'] as const) assert.equal(new Set(all.map(one => one[part])).size, all.length)
})

test('a secret is of its own key alone, to the last character', async () => {
  const [one, other] = [newKeyToken(), newKeyToken()]
  const secret = readKeyToken(one.token)?.secret ?? ''
  assert.ok(isSecretOf(one, secret))
  for (const wrong of ['', secret.slice(1), `${secret}A`, secret.toUpperCase(), readKeyToken(other.token)?.secret ?? '']) assert.equal(isSecretOf(one, wrong), false, wrong)
  assert.equal(isSecretOf({ hash: '' }, secret), false, 'a row without a hash lets nobody in')
})

test('what has another form is no key', async () => {
  const { token } = newKeyToken()
  for (const text of ['', 'perch_', token.slice(0, -1), `${token}A`, token.toUpperCase(), ` ${token}`, `${token}\n`, token.replace('perch_', 'finch_'), token.replace(/_\w{16}_/, '__'), 'a.b.c']) {
    assert.equal(readKeyToken(text), null, text)
  }
})
