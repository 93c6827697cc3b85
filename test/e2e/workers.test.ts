import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import { shardKeys } from '../../src/adapters/redis/shard-keys.ts'
import { askApi } from '../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import { SHARD } from '../harness/core.ts'
import { runPerch, startPerch, type RunningPerch } from '../harness/perch.ts'
import { command } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { httpClient } from './http.ts'
import { apiOf, inMinutes, openBackends, putOffice, startNodes } from './installation.ts'
import { haveSeen, openScreen } from './screens.ts'

/** A fault is over for clients by then (INV-6). */
const HEALED_MS = 10_000

/** The process of each worker that listens, as the log has it: the latest of each. */
async function pidsOf (machine: RunningPerch): Promise<Map<number, number>> {
  const lines = (await machine.logs()).filter(({ msg }) => msg === 'listening')
  return new Map(lines.map(({ worker, pid }) => [Number(worker), Number(pid)]))
}

async function bothListen (machine: RunningPerch): Promise<Map<number, number>> {
  return await until(async () => {
    const known = await pidsOf(machine)
    return known.size === 2 && known
  }, { what: 'both workers listen' })
}

/** One that has ended and whose end nobody has asked for yet has no command line any more. */
async function isRunning (pid: number): Promise<boolean> {
  return await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') !== ''
}

function total (shares: ReadonlyMap<string, number>): number {
  return [...shares.values()].reduce((sum, count) => sum + count, 0)
}

test('two workers on one machine', async t => {
  const { env, redis } = await openBackends(t)
  const [machine] = await startNodes(t, 1, { ...env, WORKERS: '2' })
  assert.ok(machine)
  const server = apiOf(machine)
  const pids = await bothListen(machine)
  await putOffice(server, { floors: { f1: 12 }, people: 40 })
  /** By worker. */
  const sessions = async (): Promise<Map<string, number>> => {
    const text = (await httpClient(t, server).ask('GET', '/metrics')).bytes.toString()
    return new Map(Array.from(text.matchAll(/^perch_sessions\{worker="(\d+)"\} (\d+)$/gm), ([, worker = '', count]) => [worker, Number(count)]))
  }
  const screens = Array.from({ length: 6 }, () => openScreen(t, { transport: 'websocket', floors: ['f1'], server: () => server }))
  await haveSeen(screens)

  await t.test('share the connections, are counted by one scrape, and show what was claimed on either', async () => {
    assert.ok(!pids.has(machine.pid) && new Set([...pids.values(), machine.pid]).size === 3)
    const shares = await sessions()
    assert.deepEqual([[...shares.keys()], [...shares.values()].every(count => count > 0), total(shares)], [['1', '2'], true, screens.length])
    const claims = await Promise.all(Array.from({ length: 12 }, async (_, i) => await askApi(server, 'POST', '/v1/claims', { space: `f1-d${i}`, person: `p${i}`, to: inMinutes(60) }) as ClaimReply))
    const last = Math.max(...claims.map(({ position }) => position.seq))
    await until(() => screens.every(({ watcher }) => (watcher.replicas.get('f1')?.position?.seq ?? 0) >= last), { what: 'every screen shows the claims' })
    const text = (await httpClient(t, server).ask('GET', '/metrics')).bytes.toString()
    for (const worker of [1, 2]) assert.match(text, new RegExp(`^perch_commands_total\\{worker="${worker}",operation="claim",code="ok"\\} [1-9]`, 'm'))
    assert.match(text, /^perch_workers_serving\{worker="primary"\} 2$/m)
    assert.match(text, /^process_start_time_seconds\{worker="2"\} \d/m)
  })

  await t.test('go on when one is killed: the other serves, keeps its shards within 10 s, and a new one takes its place', async () => {
    const keeperOf = async () => String(await command(redis.port, async redis => await redis.get(shardKeys()[SHARD]?.lease ?? '')))
    const [worker, pid] = await until(async () => {
      const holder = await keeperOf()
      return [...pids].find(([, pid]) => holder.includes(`-${pid}-`))
    }, { what: 'a worker keeps the shard' })
    process.kill(pid, 'SIGKILL')
    const taken = async () => !(await keeperOf()).includes(`-${pid}-`)
    let tries = 0
    await until(async () => {
      const request = { space: `f1-d${tries % 12}`, person: 'p20', from: inMinutes(120 + 60 * tries), to: inMinutes(150 + 60 * tries) }
      tries++
      return (await askApi(server, 'POST', '/v1/claims', request) as ClaimReply).persisted && await taken()
    }, { what: 'another keeper holds the shard and claims are persisted', withinMs: HEALED_MS })
    const again = await until(async () => {
      const known = await pidsOf(machine)
      return known.get(worker) !== pid && known
    }, { what: 'the worker is there again' })
    assert.notEqual(again.get(worker), pid)
    await haveSeen(screens)
    await until(async () => total(await sessions()) === screens.length, { what: 'every screen came back' })
    const died = (await machine.logs()).filter(({ msg }) => msg === 'a worker died')
    assert.deepEqual(died.map(({ worker, pid, how }) => [worker, pid, how]), [[worker, pid, 'SIGKILL']])
  })

  await t.test('that find the port taken say so once, and end with 1', async t => {
    const { code, output } = await runPerch(t, { ...env, WORKERS: '2', PORT: new URL(machine.url).port })
    assert.equal(code, 1)
    assert.match(output.split('\n').filter(line => line !== '' && !line.startsWith('{')).join('|'), /^perch: PORT \d+ is taken by another process[^|]*$/)
  })

  await t.test('say goodbye together when the machine is told to end', async () => {
    assert.equal(await machine.kill('SIGTERM'), 0)
    for (const { frames, closed } of screens) {
      assert.equal(frames.filter(({ type }) => type === 'bye').length, 1)
      assert.equal(closed.filter(why => why === '4000').length, 1)
    }
    assert.equal((await machine.logs()).filter(({ msg, worker }) => msg === 'ended' && worker !== undefined).length, 2)
  })

  await t.test('end with the process that looks after them, when that is killed', async t => {
    const orphaned = await startPerch(t, { ...env, WORKERS: '2' })
    const pids = await bothListen(orphaned)
    await orphaned.kill('SIGKILL')
    for (const pid of pids.values()) await until(async () => !await isRunning(pid), { what: 'the worker is gone' })
  })
})
