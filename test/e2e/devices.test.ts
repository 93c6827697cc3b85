import assert from 'node:assert/strict'
import { test } from 'tap'
import { askApi, callApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { poolOf } from '../adapters/postgres/database.ts'
import type { RunningPerch } from '../harness/perch.ts'
import { command } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { SocketIoClient } from '../transports/live/socket-io-client.ts'
import { WebSocketClient } from '../transports/live/web-socket-client.ts'
import { connected, portOf } from './connected.ts'
import { apiOf, openBackends, putOffice, startNodes } from './installation.ts'

/** What is promised, on every node. */
const CUT_OFF_MS = 1_000
/** Wrong codes that one address may try. */
const GUESSES = 10

const KIOSK = { name: 'Lobby', role: 'kiosk', site: 'hq', floor: 'f1', point: [1, 2] }

interface Begun {
  code: string
  secret: string
}

interface Paired {
  state: 'paired'
  token: string
  device: { id: string }
}

test('two nodes on one Redis and one Postgres', async t => {
  const { env, redis } = await openBackends(t)
  const nodes = await startNodes(t, 2, env) as [RunningPerch, RunningPerch]
  const [first, second] = nodes
  await putOffice(apiOf(first), { floors: { f1: 4 }, people: 1 })
  const anybody = ({ url }: { url: string }): ApiAddress => ({ url, token: null })
  const shown = async (): Promise<{ begun: Begun, paired: Paired }> => {
    const begun = await askApi(anybody(first), 'POST', '/v1/pairings') as Begun
    await askApi(apiOf(second), 'POST', `/v1/pairings/${begun.code}/approve`, KIOSK)
    return { begun, paired: await askApi(anybody(first), 'POST', '/v1/pairings/poll', { secret: begun.secret }) as Paired }
  }
  const statuses = async (token: string) => await Promise.all(nodes.map(async ({ url }) => (await callApi({ url, token }, 'GET', '/v1/devices/self')).status))
  const codeOf = ({ body }: { body: unknown }): string => (body as { code: string }).code
  const refusal = async (node: RunningPerch, path: string, body: unknown) => codeOf(await callApi(anybody(node), 'POST', path, body))

  await t.test('pair a kiosk that shows its code on the one and is approved on the other; it claims on both, over every transport', async t => {
    const { begun, paired } = await shown()
    assert.equal(paired.state, 'paired')
    for (const node of nodes) assert.equal(await refusal(node, '/v1/pairings/poll', { secret: begun.secret }), 'PAIRING_UNKNOWN')
    const { token, device } = paired
    assert.deepEqual(await statuses(token), [200, 200])
    const clients = await connected(t, nodes, token)
    for (const [i, client] of clients.filter(client => client instanceof WebSocketClient || client instanceof SocketIoClient).entries()) {
      client.send({ type: 'claim', id: 'c', claim: { space: `f1-d${i}`, person: 'p0', from: inHours(i + 1), to: inHours(i + 2) } })
      await until(() => client.reply('c') !== undefined, { what: 'an answer to its claim' })
      assert.equal(client.reply('c')?.ok, true, JSON.stringify(client.reply('c')))
    }
    const served = async () => await command(redis.port, async client => (await Promise.all((await client.keys('perch:{s*}:served')).map(async key => await client.hkeys(key)))).flat())
    await until(async () => (await served()).some(name => name.endsWith('/hq')), { what: 'its site is known to have a kiosk (INV-9)', withinMs: 10_000 })
    for (const { url } of nodes) await askApi({ url, token }, 'PUT', '/v1/devices/self', { version: '1.4.2', health: 'ok' })
    const [listed] = (await askApi(apiOf(second), 'GET', '/v1/devices') as { devices: Array<Record<string, unknown>> }).devices
    assert.deepEqual([listed?.['id'], listed?.['state'], listed?.['version'], listed?.['health']], [device.id, 'online', '1.4.2', 'ok'])
    const { entries } = await askApi(apiOf(first), 'GET', '/v1/audit?action=device-paired') as { entries: Array<Record<string, unknown>> }
    assert.deepEqual([entries[0]?.['by'], entries[0]?.['what']], [`device:${device.id}`, device.id])
  })

  await t.test('cut off a stolen device within a second, its requests and its connections over every transport, and no other', async t => {
    const [stolen, kept] = [(await shown()).paired, (await shown()).paired]
    const gone = await connected(t, nodes, stolen.token)
    const stays = await connected(t, nodes, kept.token)
    assert.deepEqual(await statuses(stolen.token), [200, 200])
    await askApi(apiOf(first), 'DELETE', `/v1/devices/${stolen.device.id}`)
    await until(async () => {
      assert.deepEqual(gone.map(({ closed }) => closed?.code), gone.map(() => 4101))
      assert.deepEqual(await statuses(stolen.token), [401, 401])
      return true
    }, { what: 'the device is cut off on both nodes', withinMs: CUT_OFF_MS })
    assert.deepEqual([await statuses(kept.token), stays.map(({ closed }) => closed)], [[200, 200], stays.map(() => null)])
    for (const { url } of nodes) {
      const again = new WebSocketClient(t, portOf(url), stolen.token)
      await until(() => again.refused?.status === 401, { what: 'nobody gets in with it again' })
    }
  })

  await t.test('tell a device that was moved to ask anew where it stands', async t => {
    const { paired: { token, device } } = await shown()
    const clients = await connected(t, nodes, token)
    await askApi(apiOf(second), 'PATCH', `/v1/devices/${device.id}`, { name: 'Door', floor: null })
    await until(() => clients.every(({ closed }) => closed?.code === 4003), { what: 'its connections are to be made anew' })
    const self = await askApi({ url: first.url, token }, 'GET', '/v1/devices/self') as Record<string, unknown>
    assert.deepEqual([self['name'], self['floor'], self['point']], ['Door', null, null])
  })

  await t.test('take a code once, whichever node it is typed in on, and none that is over', async () => {
    const { code } = await askApi(apiOf(first), 'POST', '/v1/devices', KIOSK) as { code: string }
    const answers = await Promise.all([...nodes, ...nodes].map(async node => (await callApi(anybody(node), 'POST', '/v1/pairings/redeem', { code })).status))
    assert.deepEqual(answers.sort(), [201, 404, 404, 404])
    const late = await askApi(anybody(first), 'POST', '/v1/pairings') as Begun
    // Ten minutes later, as far as Redis is concerned.
    await command(redis.port, async client => {
      const keys = await client.keys('perch:ticket:*')
      for (const key of keys) {
        assert.ok(await client.pttl(key) > 0, 'everything ends by itself')
        if (!key.includes(':count:')) await client.del(key)
      }
    })
    assert.equal(codeOf(await callApi(apiOf(second), 'POST', `/v1/pairings/${late.code}/approve`, KIOSK)), 'PAIRING_UNKNOWN')
    assert.equal(await refusal(second, '/v1/pairings/poll', { secret: late.secret }), 'PAIRING_UNKNOWN')
  })

  await t.test('stop who guesses codes, on both nodes together, and leave what is approved alone', async () => {
    const { code } = await askApi(apiOf(first), 'POST', '/v1/devices', KIOSK) as { code: string }
    const wrong = code.startsWith('A') ? `C${code.slice(1)}` : `A${code.slice(1)}`
    const codes = await Promise.all(Array.from({ length: 6 * GUESSES }, async (_, i) => await refusal(nodes[i % 2 === 0 ? 0 : 1], '/v1/pairings/redeem', { code: wrong })))
    const tried = codes.filter(answer => answer === 'PAIRING_UNKNOWN').length
    // One was tried before; and the ten minutes in which they count may have begun anew meanwhile.
    assert.ok(tried > 0 && tried <= 2 * GUESSES, `${tried} were looked up`)
    assert.equal(codes.filter(answer => answer === 'RATE_LIMITED').length, codes.length - tried)
    assert.equal((await shown()).paired.state, 'paired')
  })

  await t.test('keep neither codes nor secrets nor tokens, and say how devices are in numbers alone', async t => {
    const { begun, paired } = await shown()
    const { rows } = await poolOf(t, env['DATABASE_URL'] ?? '').query('select to_jsonb(d) as row from perch.devices d')
    const dump = JSON.stringify(rows)
    assert.ok(dump.includes(paired.device.id))
    const kept = await command(redis.port, async client => {
      const keys = await client.keys('perch:ticket:*')
      return JSON.stringify([keys, await Promise.all(keys.map(async key => await client.get(key)))])
    })
    const logs = (await Promise.all(nodes.map(async node => await node.output()))).join('\n')
    for (const text of [begun.code, begun.code.replace('-', ''), begun.secret, paired.token.slice(-43)]) for (const place of [dump, kept, logs]) assert.ok(!place.includes(text))
    const metrics = await (await fetch(`${first.url}/metrics`)).text()
    assert.match(metrics, /^perch_devices\{role="kiosk",state="online"\} [1-9]/m)
    assert.match(metrics, /^perch_devices\{role="kiosk",state="silent"\} \d/m)
    assert.match(metrics, /^perch_pairings_total\{what="paired"\} \d/m)
    assert.ok(!metrics.includes(paired.device.id))
  })
})

function inHours (hours: number): string {
  return `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 19)}Z`
}
