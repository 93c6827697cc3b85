import assert from 'node:assert/strict'
import { stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { test } from 'tap'
import { command, startRedis } from '../../harness/redis.ts'
import { compilePreload } from './preload.ts'

const run = promisify(execFile)
/** How far two clocks may differ that are read one after the other. */
const NEAR_MS = 5_000

test('a process\'s clock', async t => {
  const preload = await compilePreload(t)
  assert.ok(preload !== null, 'gcc is needed: scripts/install-test-tools installs it')

  await t.test('is off by as much as it is told, and right again, while Redis runs', async t => {
    const inside = await preload.openInside(t)
    const redis = await startRedis(t, { env: inside.env })
    const off = async () => Number((await command(redis.port, client => client.time()))[0]) * 1_000 - Date.now()
    assert.ok(Math.abs(await off()) < NEAR_MS)
    await inside.setClock(60_000)
    assert.ok(Math.abs(await off() - 60_000) < NEAR_MS)
    await inside.setClock(-60_000)
    assert.ok(Math.abs(await off() + 60_000) < NEAR_MS)
    await inside.setClock(0)
    assert.ok(Math.abs(await off()) < NEAR_MS)
  })

  await t.test('is off in Node as well, and not its monotonic one', async t => {
    const inside = await preload.openInside(t)
    await inside.setClock(-60_000)
    const { stdout } = await run(process.execPath, ['-p', '[Date.now(), performance.now()].join()'], { env: { ...process.env, ...inside.env } })
    const [now, sinceStart] = stdout.split(',').map(Number)
    assert.ok(Math.abs((now ?? 0) + 60_000 - Date.now()) < NEAR_MS, stdout)
    assert.ok((sinceStart ?? -1) >= 0, stdout)
  })
})

test('what Redis has synced is known to the byte', async t => {
  const preload = await compilePreload(t)
  assert.ok(preload !== null, 'gcc is needed: scripts/install-test-tools installs it')
  const inside = await preload.openInside(t)
  const redis = await startRedis(t, { env: inside.env, appendonly: true, args: ['--appendfsync', 'always'] })
  await command(redis.port, client => client.set('kept', '1'))
  const file = join(redis.dir, 'appendonlydir', 'appendonly.aof.1.incr.aof')
  const synced = await inside.synced((await stat(file)).ino)
  assert.equal(synced, (await stat(file)).size)

  await command(redis.port, async client => {
    await client.config('SET', 'appendfsync', 'no')
    await client.set('lost', '1')
  })
  assert.equal(await inside.synced((await stat(file)).ino), synced)
  await redis.kill()
  assert.ok((await stat(file)).size > synced)
  await truncate(file, synced)
  await redis.restart()
  assert.deepEqual(await command(redis.port, client => client.mget('kept', 'lost')), ['1', null])
})
