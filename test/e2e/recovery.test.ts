import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import type { ApiAddress } from '../../src/cli/seed/api.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { temporaryFolder } from '../harness/folder.ts'
import { startPerch } from '../harness/perch.ts'
import { command, type RedisServer } from '../harness/redis.ts'
import { apiOf, desksOf, openBackends, putOffice } from './installation.ts'
import { Load } from './load.ts'
import { assertPromisesKept, claimsWork } from './promises.ts'
import { haveSeen, openScreen, TRANSPORTS } from './screens.ts'

const FLOORS = { f1: 20, f2: 20 }
/** Answers that say `persisted: true` before a fault and after it. */
const ENOUGH = 60
const WORKERS = 16

test('two nodes under load whose Redis', async t => {
  const { env, redis } = await openBackends(t, { appendonly: true, args: ['--appendfsync', 'always'] })
  // Safety rests on no lock (INV-3): one of them takes none.
  const nodes = await Promise.all([startPerch(t, env), startPerch(t, { ...env, GUARD: 'off' })])
  await Promise.all(nodes.map(async node => await node.ready()))
  const servers = nodes.map(apiOf)
  const [first, second] = servers as [ApiAddress, ApiAddress]
  await putOffice(first, { floors: FLOORS, people: 2 * WORKERS })
  const screens = TRANSPORTS.flatMap(transport => servers.map(server =>
    openScreen(t, { transport, floors: transport === 'sse' ? ['f1'] : Object.keys(FLOORS), server: () => server })))
  await haveSeen(screens)

  /** Load before, during and after; what was promised before or after the fault is so. */
  async function survives (fault: (load: Load) => Promise<void>): Promise<void> {
    const load = new Load({ servers: () => servers, people: Array.from({ length: WORKERS }, (_, i) => `p${i}`), spaces: desksOf(FLOORS) })
    load.start()
    await load.morePersisted(ENOUGH)
    await fault(load)
    await Promise.all(servers.map(async (server, i) => await claimsWork(server, `p${WORKERS + i}`)))
    await load.morePersisted(ENOUGH)
    await load.stop()
    await assertPromisesKept(second, load, screens, desksOf(FLOORS))
  }

  await t.test('is emptied keep what they promised, and go on within 10 s', async () => {
    await survives(async () => { await command(redis.port, async client => await client.flushall()) })
  })

  await t.test('is restarted keep what they promised, and go on within 10 s', async () => {
    await survives(async () => { await redis.restart() })
  })

  await t.test('is killed and restarted keep what they promised, and go on within 10 s', async () => {
    await survives(async () => {
      await redis.kill()
      await redis.restart()
    })
  })

  await t.test('is rolled back to an earlier append-only file keep what they promised, and go on within 10 s', async t => {
    await survives(async load => { await rollBack(t, redis, load) })
  })
})

/** Redis comes back with the files that it had some promises ago. */
async function rollBack (t: Cleanup, redis: RedisServer, load: Load): Promise<void> {
  const files = join(redis.dir, 'appendonlydir')
  const saved = join(await temporaryFolder(t, 'earlier'), 'appendonlydir')
  await cp(files, saved, { recursive: true })
  await load.morePersisted(ENOUGH)
  await redis.kill()
  await rm(files, { recursive: true })
  await cp(saved, files, { recursive: true })
  await redis.restart()
}
