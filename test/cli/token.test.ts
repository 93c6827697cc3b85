import { test } from 'tap'
import assert from 'node:assert/strict'
import { createKeys } from '../../src/adapters/postgres/keys.ts'
import { openPool } from '../../src/adapters/postgres/pool.ts'
import { isSecretOf, readKeyToken } from '../../src/application/key-token.ts'
import { DAY } from '../../src/domain/time.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { freshDatabase } from '../harness/postgres.ts'
import { sharedPostgres } from '../harness/shared-postgres.ts'
import { run } from './paper.ts'

/** A database that no node has seen yet. */
async function scene (t: Cleanup) {
  const url = await freshDatabase(t, await sharedPostgres())
  const pool = openPool({ connection: url, max: 1, statementTimeoutMs: 10_000, onError () {} })
  t.after(async () => { await pool.end() })
  return { pool, keys: createKeys(pool), token: async (...args: string[]) => await run(['token', ...args], { DATABASE_URL: url }) }
}

test('a key is made where there is nothing yet, and its token alone goes to the output', async t => {
  const { keys, token } = await scene(t)
  const { code, out, err } = await token('--org', 'acme', '--role', 'manager', '--site', 'hq', '--name', 'ci', '--expires', '30')
  assert.equal(code, 0, err)
  const read = readKeyToken(out)
  const key = (await keys.keys('acme', Date.now())).find(({ id }) => id === read?.id)
  assert.ok(read !== null && key !== undefined && isSecretOf(key, read.secret))
  assert.deepEqual([key.org, key.name, key.role, key.site, (key.expiresAt ?? 0) - key.createdAt], ['acme', 'ci', 'manager', 'hq', 30 * DAY])
  assert.ok(!err.includes(read.secret))
})

test('keys are listed without what lets anybody in, and revoked by name', async t => {
  const { token } = await scene(t)
  const made = await token('--role', 'admin', '--name', 'ci')
  const listed = await token('--list')
  assert.equal(listed.out, 'ci admin never used')
  assert.equal((await token('--list', '--org', 'acme')).out, '')
  const twice = await token('--role', 'admin', '--name', 'ci')
  assert.deepEqual([twice.code, twice.out], [1, ''])
  assert.match(twice.err, /there is a key ci/)
  const revoked = await token('--revoke', 'ci')
  assert.match(revoked.out, /^revoked ci; nodes notice within 5 s$/)
  assert.deepEqual([(await token('--list')).out, (await token('--revoke', 'ci')).code], ['', 1])
  assert.equal((await token('--role', 'admin', '--name', 'ci')).code, 0)
  assert.equal(made.code, 0)
})

test('keys that are made and revoked where the database is are in the audit', async t => {
  const { pool, token } = await scene(t)
  await token('--role', 'admin', '--name', 'ci')
  await token('--revoke', 'ci')
  assert.deepEqual((await pool.query('select by, action, what from perch.audit order by n')).rows, [
    { by: 'command-line', action: 'key-made', what: 'ci' }, { by: 'command-line', action: 'key-revoked', what: 'ci' }
  ])
})

test('what no key can be is not understood, and nothing is made', async t => {
  const { token } = await scene(t)
  for (const args of [
    [], ['--name', 'ci'], ['--role', 'admin'], ['--role', 'god', '--name', 'ci'], ['--role', 'admin', '--name', 'a b'], ['--role', 'admin', '--name', 'ci', '--org', 'a/b'], ['--role', 'manager', '--name', 'ci'],
    ['--role', 'admin', '--name', 'ci', '--expires', '0'], ['--role', 'admin', '--name', 'ci', '--expires', 'soon'], ['--role', 'admin', '--name', 'ci', '--site', '{hq}'], ['more']
  ]) {
    const { code, out } = await token(...args)
    assert.deepEqual([code, out], [2, ''], args.join(' '))
  }
  assert.equal((await token('--list')).out, '')
})

test('an embedded ledger is its server\'s: keys are made there', async () => {
  const { code, err } = await run(['token', '--role', 'admin', '--name', 'ci'])
  assert.equal(code, 2)
  assert.match(err, /POST \/v1\/keys/)
})
