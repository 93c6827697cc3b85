import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import assert from 'node:assert/strict'
import { test } from 'tap'
import { WebSocket } from 'ws'
import { askApi } from '../../src/cli/seed/api.ts'
import { runCli } from '../../src/cli/run.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rowOfDesks } from '../harness/core.ts'
import { postgresBinaries } from '../harness/postgres-binaries.ts'
import { command } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { ADMIN_KEY, apiOf, inMinutes, openBackends, putOffice, startNodes } from './installation.ts'

const run = promisify(execFile)

/** Nobody else is called like that, and nothing else has these letters. */
const WHO = { id: 'quintessa', name: 'Quintessa Zwolffinger', badge: 'badge-of-quintessa' }
const TRACE = /quintessa|zwolffinger/i

/** A command of perch's, and what it printed. */
async function perch (url: string, ...args: string[]): Promise<{ code: number, out: string, err: string }> {
  const [out, err] = [[], []] as [string[], string[]]
  const code = await runCli([...args, '--url', url, '--key', ADMIN_KEY], {
    terminal: { out: line => { out.push(line) }, err: line => { err.push(line) }, input: async () => '', environment: {} },
    serve: async () => 1
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

/** Two nodes with an append-only Redis, and a day's worth of what somebody does. */
async function scene (t: Cleanup) {
  const backends = await openBackends(t, { appendonly: true })
  const [one, two] = await startNodes(t, 2, { ...backends.env, LOG_LEVEL: 'trace' })
  assert.ok(one !== undefined && two !== undefined)
  const server = apiOf(one)
  await putOffice(server, { floors: { f1: 8 }, people: 3 })
  await askApi(server, 'PUT', '/v1/people', { people: [{ id: WHO.id, name: WHO.name, badges: [WHO.badge], groups: ['sales'] }] })
  await askApi(server, 'PUT', `/v1/people/${WHO.id}/pin`, { pin: '471147' })
  const row = rowOfDesks('f2', 2)
  await askApi(server, 'PUT', '/v1/floors/f2', { ...row, spaces: row.spaces.map(({ id, label, kind }, i) => ({ id, label, kind, ...(i === 0 && { for: { people: [WHO.id, 'p0'], groups: [] } }) })) })
  const claim = async (body: object) => (await askApi(server, 'POST', '/v1/claims', body) as { claim: { id: string } }).claim.id
  const ended = await claim({ space: 'f1-d0', person: { badge: WHO.badge }, to: inMinutes(60) })
  await askApi(server, 'POST', `/v1/claims/${ended}/release`, {})
  const now = await claim({ space: 'f1-d1', person: { id: WHO.id, pin: '471147' }, to: inMinutes(60), checkIn: true })
  const later = await claim({ space: 'f1-d2', person: WHO.id, from: inMinutes(24 * 60), to: inMinutes(25 * 60) })
  const neighbour = await claim({ space: 'f1-d3', person: 'p1', to: inMinutes(60) })
  await askApi(server, 'GET', `/v1/people/${WHO.id}`)
  await askApi(server, 'GET', `/v1/claims?person=${WHO.id}`)
  return { ...backends, nodes: [one, two], server, ended, now, later, neighbour }
}

/** Frames of the floor, of whatever audience, from now on. */
function watching (t: Cleanup, url: string, floor: string): { text (): string } {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, ['perch.v1'], { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
  t.after(() => socket.terminate())
  const heard: string[] = []
  socket.on('message', data => { heard.push(String(data)) })
  socket.on('open', () => { socket.send(JSON.stringify({ type: 'watch', id: 'w', floor })) })
  return { text: () => heard.join('\n') }
}

/** All that Redis holds: names of keys, and each as its dump and as it is read. */
async function wholeRedis (port: number): Promise<string> {
  return await command(port, async client => {
    const parts: string[] = []
    for (let cursor = '0'; ;) {
      const [next, keys] = await client.scan(cursor, 'COUNT', 1_000)
      for (const key of keys) {
        const type = await client.type(key)
        const value = type === 'hash' ? await client.hgetall(key) : type === 'zset' ? await client.zrange(key, '0', '-1') : type === 'stream' ? await client.xrange(key, '-', '+') : type === 'string' ? await client.get(key) : ''
        parts.push(key, JSON.stringify(value), (await client.dumpBuffer(key))?.toString('latin1') ?? '')
      }
      cursor = next
      if (cursor === '0') return parts.join('\n')
    }
  })
}

async function filesUnder (dir: string): Promise<string> {
  const names = (await readdir(dir, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile() && !entry.name.endsWith('.log'))
  return (await Promise.all(names.map(async ({ parentPath, name }) => await readFile(join(parentPath, name), 'latin1').catch(() => '')))).join('\n')
}

async function wholePostgres (url: string): Promise<string> {
  return (await run(join(postgresBinaries(), 'pg_dump'), [url], { maxBuffer: 64 * 1024 * 1024 })).stdout
}

test('an erased person is nowhere: not in Redis, its files, Postgres or the nodes\' frames, and the floor\'s history still adds up', async t => {
  const { redis, env, nodes, server, ended, now, later, neighbour } = await scene(t)
  const before = watching(t, nodes[1]?.url ?? '', 'f1')
  await until(() => TRACE.test(before.text()), { what: 'a screen shows them' })
  for (const text of [await wholeRedis(redis.port), await filesUnder(redis.dir), await wholePostgres(env['DATABASE_URL'] ?? '')]) assert.match(text, TRACE, 'the search finds what is there')
  const figures = async () => await run(join(postgresBinaries(), 'psql'), [env['DATABASE_URL'] ?? '', '-Atc', 'select floor, space, count(*), sum(extract(epoch from to_at - from_at)) from perch.claims group by 1, 2 order by 1, 2'])
  const wrong = await perch(server.url, 'erase', 'other', WHO.id)
  assert.deepEqual([wrong.code, TRACE.test(await wholeRedis(redis.port))], [2, true])

  const { code, out, err } = await perch(server.url, 'erase', 'demo', WHO.id)
  assert.equal(code, 0, err)
  const report = JSON.parse(out)
  assert.deepEqual([report.released, report.floors, report.files], [2, ['f2'], { state: 'done', replicas: 0 }])
  const after = watching(t, nodes[1]?.url ?? '', 'f1')
  await until(() => after.text().includes('"snapshot"'), { what: 'another screen sees the floor' })
  await until(async () => !TRACE.test(await filesUnder(redis.dir)), { what: 'the old files are removed' })
  for (const [what, text] of [['Redis', await wholeRedis(redis.port)], ['Postgres', await wholePostgres(env['DATABASE_URL'] ?? '')], ['a frame', after.text()]] as const) {
    assert.doesNotMatch(text, TRACE, `${what}: ${TRACE.exec(text)?.index ?? 0} ${text.slice(Math.max(0, (TRACE.exec(text)?.index ?? 0) - 200)).slice(0, 300)}`)
  }
  assert.match((await figures()).stdout, /f1\|f1-d0\|1\|/)
  for (const id of [ended, now, later]) {
    const { person, state } = await askApi(server, 'GET', `/v1/claims/${id}`) as { person: string, state: string }
    assert.deepEqual([person, state], ['-', 'ended'])
  }
  assert.equal((await askApi(server, 'GET', `/v1/claims/${neighbour}`) as { person: string }).person, 'p1')
  const { entries } = await askApi(server, 'GET', `/v1/audit?claim=${now}`) as { entries: Array<{ action: string, person: string | null }> }
  assert.ok(entries.some(({ action }) => action === 'granted') && entries.every(({ person }) => person === null))
  const again = await perch(server.url, 'erase', 'demo', WHO.id)
  assert.deepEqual([again.code, JSON.parse(again.out).released], [0, 0])
})

test('an export has all that is known of a person, and of nobody else', async t => {
  const { server, ended, now, later } = await scene(t)
  const { code, out, err } = await perch(server.url, 'export', 'demo', WHO.id)
  assert.equal(code, 0, err)
  const { person, claims, audit, more } = JSON.parse(out)
  assert.deepEqual([person.name, person.badges, more], [WHO.name, 1, false])
  assert.deepEqual(claims.map(({ id }: { id: string }) => id).sort(), [ended, now, later].sort())
  for (const action of ['granted', 'checked-in', 'ended', 'person-put', 'pin-set', 'looked-up']) {
    if (action !== 'checked-in') assert.ok(audit.some((entry: { action: string }) => entry.action === action), action)
  }
  assert.ok(audit.every((entry: { person: string, by: string }) => entry.person === WHO.id || entry.by === `person:${WHO.id}`))
  assert.doesNotMatch(out, /"p1"/)
  assert.equal((await perch(server.url, 'export', 'demo', 'nobody')).code, 1)
})

test('no log, metric or name of a key has a person\'s name or id in it', async t => {
  const { redis, nodes, server } = await scene(t)
  await askApi(server, 'POST', '/v1/claims', { space: 'f1-d0', person: WHO.id, to: inMinutes(30) }).catch(() => {})
  await askApi(server, 'PUT', `/v1/people/${WHO.id}`, { name: WHO.name, visibility: 'hidden' })
  assert.equal((await perch(server.url, 'retain', '--now')).code, 0)
  for (const { url } of nodes) {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    assert.match(metrics, /perch_commands_total/)
    assert.doesNotMatch(metrics, TRACE)
  }
  const keys = await command(redis.port, async client => await client.keys('*'))
  assert.ok(keys.length > 0)
  assert.doesNotMatch(keys.join('\n'), TRACE)
  await perch(server.url, 'erase', 'demo', WHO.id)
  for (const node of nodes) {
    const output = await node.output()
    assert.match(output, /answered/)
    assert.doesNotMatch(output, TRACE)
  }
})
