import { test } from 'tap'
import assert from 'node:assert/strict'
import { newKeyToken } from '../../src/application/key-token.ts'
import type { Credentials } from '../../src/application/credentials.ts'
import { KEYS_PER_ORG, type ApiKey, type Keys } from '../../src/application/keys.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { noteThat } from '../stand-ins/notes.ts'
import { withCode } from './store/office.ts'

interface Test extends Cleanup {
  test (name: string, run: (t: Test) => Promise<void>): Promise<unknown>
}

export interface KeysToTest {
  keys: Keys
  credentials: Credentials
  /** What was written down of the org's keys, oldest first. */
  written (org: string): Promise<Array<{ action: string, what: string | null }>>
}

/** A whole hour. */
const NOW = Date.UTC(2026, 2, 2, 8)

let orgs = 0

function keyOf (org: string, name: string, other: Partial<ApiKey> = {}): ApiKey {
  const { id, hash } = newKeyToken()
  return { id, org, name, role: 'admin', site: null, hash, createdAt: NOW, expiresAt: null, lastUsedAt: null, ...other }
}

/** What the comments on Keys in application/keys.ts promise, and those on Credentials of what is a key, of the implementation that `open` makes. */
export function keysContract (name: string, open: (t: Cleanup) => Promise<KeysToTest>): void {
  test(`API keys in ${name} keep the contract`, async (t: Test) => {
    const { keys, credentials, written } = await open(t)
    const add = async (key: ApiKey): Promise<void> => { await keys.addKey(key, noteThat('key-made', key.name)) }
    const revoke = async (org: string, name: string, at: number) => await keys.revokeKey(org, name, at, noteThat('key-revoked', name))
    const newOrg = (): string => `org-${++orgs}`

    await t.test('a key is there as it was added, by its id and among those of its org', async () => {
      const org = newOrg()
      const [one, other] = [keyOf(org, 'printer', { role: 'kiosk', site: 'hq', expiresAt: NOW + MINUTE }), keyOf(org, 'ci')]
      for (const key of [one, other, keyOf(newOrg(), 'ci')]) await add(key)
      const { id, hash } = one
      assert.deepEqual(await credentials.credential(id, NOW), { id, org, principal: 'key:printer', role: 'kiosk', site: 'hq', hash, expiresAt: NOW + MINUTE, lastUsedAt: null, usedGrainMs: HOUR })
      assert.deepEqual(await keys.keys(org, NOW), [other, one])
      assert.equal(await credentials.credential(newKeyToken().id, NOW), null)
      assert.deepEqual(await keys.keys('nobody', NOW), [])
    })

    await t.test('a key works until it was revoked, and for nobody of another org', async () => {
      const org = newOrg()
      const key = keyOf(org, 'ci')
      await add(key)
      assert.equal(await revoke(newOrg(), 'ci', NOW), null)
      assert.equal(await revoke(org, 'other', NOW), null)
      assert.deepEqual(await credentials.gone([key.id], NOW), [])
      assert.equal(await revoke(org, 'ci', NOW), key.id)
      assert.deepEqual([await credentials.credential(key.id, NOW), await keys.keys(org, NOW), await revoke(org, 'ci', NOW), await credentials.gone([key.id], NOW)], [null, [], null, [key.id]])
    })

    await t.test('a key works until the moment that it expires', async () => {
      const org = newOrg()
      const key = keyOf(org, 'ci', { expiresAt: NOW + MINUTE })
      await add(key)
      assert.deepEqual(await credentials.gone([key.id], NOW + MINUTE - 1), [])
      assert.deepEqual([await credentials.credential(key.id, NOW + MINUTE), await keys.keys(org, NOW + MINUTE), await credentials.gone([key.id], NOW + MINUTE)], [null, [], [key.id]])
      assert.equal(await revoke(org, 'ci', NOW + MINUTE), null)
    })

    await t.test('a name is of one key that works, and free again when it was revoked or has expired', async () => {
      const org = newOrg()
      await add(keyOf(org, 'ci', { expiresAt: NOW + HOUR }))
      await assert.rejects(add(keyOf(org, 'ci')), withCode('KEY_EXISTS'))
      await revoke(org, 'ci', NOW)
      await add(keyOf(org, 'ci', { expiresAt: NOW + HOUR }))
      const third = keyOf(org, 'ci', { createdAt: NOW + HOUR })
      await add(third)
      assert.deepEqual(await keys.keys(org, NOW + HOUR), [third])
    })

    await t.test('what was done is written down, and what was not is not', async () => {
      const org = newOrg()
      await add(keyOf(org, 'ci'))
      await assert.rejects(add(keyOf(org, 'ci')), withCode('KEY_EXISTS'))
      await revoke(org, 'ci', NOW)
      await revoke(org, 'ci', NOW)
      assert.deepEqual((await written(org)).map(({ action, what }) => [action, what]), [['key-made', 'ci'], ['key-revoked', 'ci']])
    })

    await t.test('an org has no more keys than it may, even if they come at once', async () => {
      const org = newOrg()
      for (let i = 0; i < KEYS_PER_ORG - 1; i++) await add(keyOf(org, `key-${i}`))
      const last = await Promise.allSettled(['a', 'b', 'c'].map(async name => await add(keyOf(org, name))))
      assert.equal(last.filter(({ status }) => status === 'fulfilled').length, 1)
      await assert.rejects(add(keyOf(org, 'd')), withCode('RATE_LIMITED'))
      await revoke(org, 'key-0', NOW)
      await add(keyOf(org, 'd'))
    })

    await t.test('of keys that are asked about those that do not work are gone, and unknown ones are, too', async () => {
      const org = newOrg()
      const [stays, goes] = [keyOf(org, 'stays'), keyOf(org, 'goes')]
      for (const key of [stays, goes]) await add(key)
      await revoke(org, 'goes', NOW)
      const unknown = newKeyToken().id
      assert.deepEqual((await credentials.gone([stays.id, goes.id, unknown], NOW)).sort(), [goes.id, unknown].sort())
      assert.deepEqual(await credentials.gone([], NOW), [])
    })

    await t.test('when a key was used is known to the hour, and never goes back', async () => {
      const org = newOrg()
      const [one, other] = [keyOf(org, 'one'), keyOf(org, 'other')]
      for (const key of [one, other]) await add(key)
      const usedAt = async () => (await credentials.credential(one.id, NOW))?.lastUsedAt
      await credentials.used([one.id, newKeyToken().id], NOW + 2 * HOUR + 59 * MINUTE)
      assert.equal(await usedAt(), NOW + 2 * HOUR)
      await credentials.used([one.id], NOW + HOUR)
      assert.equal(await usedAt(), NOW + 2 * HOUR)
      assert.equal((await credentials.credential(other.id, NOW))?.lastUsedAt, null)
    })
  })
}
