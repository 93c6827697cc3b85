import assert from 'node:assert/strict'
import { test } from 'tap'
import { askApi } from '../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import { putAdminKey } from '../harness/admin-key.ts'
import { startPerch } from '../harness/perch.ts'
import { freshDatabase } from '../harness/postgres.ts'
import { startRedisWithUsers } from '../harness/redis-acl.ts'
import { sharedPostgres } from '../harness/shared-postgres.ts'
import { until } from '../harness/wait.ts'
import { apiOf, inMinutes, putOffice } from './installation.ts'

test('nodes that log in with the rights of their role alone serve people, record and recover', async t => {
  const [redis, database] = await Promise.all([startRedisWithUsers(t, { appendonly: true }), sharedPostgres().then(async server => await freshDatabase(t, server))])
  await putAdminKey(database)
  const env = { SECRET: 'the-secret-of-these-tests', DATABASE_URL: database, LOCK_REDIS_URLS: redis.as('lock') }
  const keeper = await startPerch(t, { ...env, ROLES: 'keeper', REDIS_URL: redis.as('keeper') })
  const edge = await startPerch(t, { ...env, ROLES: 'edge', REDIS_URL: redis.as('edge') })
  await edge.ready()
  await putOffice(apiOf(edge), { floors: { f1: 4 }, people: 4 })
  const claim = async (n: number) => await askApi(apiOf(edge), 'POST', '/v1/claims', { space: `f1-d${n}`, person: `p${n}`, to: inMinutes(60) }) as ClaimReply
  const { claim: first, persisted } = await claim(0)
  assert.equal(persisted, true)
  await askApi(apiOf(edge), 'POST', `/v1/claims/${first.id}/check-in`, {})

  await redis.server.restart()
  await until(async () => (await claim(1)).claim.space === 'f1-d1', { what: 'claims are granted again', withinMs: 20_000, everyMs: 100 })
  await askApi(apiOf(edge), 'POST', `/v1/claims/${first.id}/release`, {})
  for (const node of [edge, keeper]) assert.doesNotMatch(await node.output(), /NOPERM|can't run this command|can't access/, 'nothing is denied')
})
