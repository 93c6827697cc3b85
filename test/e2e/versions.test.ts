import assert from 'node:assert/strict'
import { cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { shardKeys } from '../../src/adapters/redis/shard-keys.ts'
import { askApi, callApi } from '../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { SHARD } from '../harness/core.ts'
import { temporaryFolder } from '../harness/folder.ts'
import { startPerch, type PerchProcess } from '../harness/process.ts'
import { command } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { apiOf, desksOf, inMinutes, openBackends, putOffice } from './installation.ts'
import { Load } from './load.ts'
import { assertPromisesKept, claimsWork } from './promises.ts'
import { haveSeen, openScreen } from './screens.ts'

const FLOORS = { f1: 20, f2: 20 }
const WORKERS = 12
/** Answers that say `persisted: true` while two releases are side by side, and after the older one has gone. */
const ENOUGH = 30
/** The same for all, so that a claim may be asked for again. */
const END = inMinutes(60)

const root = fileURLToPath(new URL('../..', import.meta.url))

/** This build as the next releases will be: its main script. */
async function release (t: Cleanup, { reads, writes }: { reads: number, writes: number }): Promise<string> {
  const folder = await temporaryFolder(t, 'release')
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  await Promise.all(['node_modules', 'package.json'].map(async name => await symlink(join(root, name), join(folder, name))))
  const file = join(folder, 'dist/application/codec.js')
  const now = await readFile(file, 'utf8')
  const then = now.replace('READS_UP_TO = 1;', `READS_UP_TO = ${reads};`).replace('WRITES = 1;', `WRITES = ${writes};`)
  await writeFile(file, then)
  if (reads > 1) assert.notEqual(then, now)
  return relative(root, join(folder, 'dist/main.js'))
}

async function claimed (node: PerchProcess, n: number, id = uuidv7()): Promise<ClaimReply> {
  return await askApi(apiOf(node), 'POST', '/v1/claims', { id, space: `f1-d${n}`, person: `p${n}`, to: END }) as ClaimReply
}

async function readinessOf (node: PerchProcess): Promise<{ status: number, checks: Record<string, boolean> }> {
  const answer = await fetch(`${node.url}/readyz`)
  return { status: answer.status, checks: (await answer.json() as { checks: Record<string, boolean> }).checks }
}

test('one release after the other, side by side with the one before it', async t => {
  const { env, redis } = await openBackends(t)
  const start = async (script: string): Promise<PerchProcess> => await startPerch(t, { env, script })
  const [now, next, later] = await Promise.all([release(t, { reads: 1, writes: 1 }), release(t, { reads: 2, writes: 1 }), release(t, { reads: 2, writes: 2 })])
  const bodyOf = async (space: string) => await command(redis.port, async client => await client.hget(shardKeys()[SHARD]?.records[3] ?? '', `demo/${space}`))
  const old = await start(now)
  await putOffice(apiOf(old), { floors: { f1: 10 }, people: 10 })
  assert.equal((await claimed(old, 0)).persisted, true)

  await t.test('serve the same office while the newer one reads what it does not write yet', async () => {
    const newer = await start(next)
    const { claim } = await claimed(newer, 1)
    await askApi(apiOf(old), 'POST', `/v1/claims/${claim.id}/check-in`, {})
    assert.deepEqual([(await readinessOf(old)).status, (await readinessOf(newer)).status], [200, 200])
    assert.match(await bodyOf('f1-d1') ?? '', /^\d+:\[1,/)
    await newer.stop()
  })

  await t.test('lose nothing where one was skipped: the older refuses what it cannot read, says so, and leaves it as it is', async () => {
    const newest = await start(later)
    const { claim } = await claimed(newest, 2)
    const written = await bodyOf('f1-d2')
    assert.match(written ?? '', /^\d+:\[2,/)
    const { status, body } = await callApi(apiOf(old), 'POST', '/v1/claims', { space: 'f1-d2', person: 'p3', to: inMinutes(60) })
    assert.deepEqual([status, (body as { code: string }).code], [503, 'OUTDATED'])
    const { status: readiness, checks } = await readinessOf(old)
    assert.deepEqual([readiness, checks['release']], [503, false])
    assert.equal(await bodyOf('f1-d2'), written)

    // Its leases run out, and who can read everything records everything.
    await old.kill()
    const id = uuidv7()
    await until(async () => (await claimed(newest, 4, id)).persisted, { what: 'claims are persisted again', withinMs: 30_000, everyMs: 100 })
    assert.equal((await askApi(apiOf(newest), 'GET', `/v1/claims/${claim.id}`) as ClaimView).state, 'booked')
    assert.equal((await claimed(newest, 2, claim.id)).persisted, true, 'what was granted meanwhile is in the ledger')
    const between = await start(next)
    await askApi(apiOf(between), 'POST', `/v1/claims/${claim.id}/check-in`, {})
    assert.equal((await readinessOf(between)).status, 200)
  })
})

test('an office under load goes node by node through two releases and back by one: nobody hears of it, and nothing that was persisted is lost', async t => {
  const { env } = await openBackends(t)
  const start = async (script: string): Promise<PerchProcess> => await startPerch(t, { env, script })
  const [now, next, later] = await Promise.all([release(t, { reads: 1, writes: 1 }), release(t, { reads: 2, writes: 1 }), release(t, { reads: 2, writes: 2 })])
  const nodes = await Promise.all([start(now), start(now)])
  const servers = () => nodes.map(apiOf)
  const home = (i: number) => servers()[i % nodes.length] ?? apiOf({ url: '' })
  await putOffice(home(0), { floors: FLOORS, people: 2 * WORKERS })
  const screens = [0, 1].map(i => openScreen(t, { transport: 'websocket', floors: Object.keys(FLOORS), server: () => home(i) }))
  await haveSeen(screens)
  const load = new Load({ servers, people: Array.from({ length: WORKERS }, (_, i) => `p${i}`), spaces: desksOf(FLOORS) })
  load.start()
  await load.morePersisted(ENOUGH)
  const leaving: Array<Promise<unknown>> = []
  for (const [i, script] of [[0, next], [1, next], [0, later], [0, next]] as const) {
    const left = nodes.splice(i, 1, await start(script))
    await load.morePersisted(ENOUGH)
    leaving.push(...left.map(async node => await node.stop()))
    await load.morePersisted(ENOUGH)
  }
  await Promise.all(leaving)
  await load.stop()
  await Promise.all(servers().map(async (server, i) => { await claimsWork(server, `p${WORKERS + i}`) }))
  assert.equal(load.answers.get('OUTDATED'), undefined, JSON.stringify([...load.answers]))
  await assertPromisesKept(home(1), load, screens, desksOf(FLOORS))
})
