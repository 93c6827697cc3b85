import { test } from 'tap'
import assert from 'node:assert/strict'
import { askApi, callApi } from '../../src/cli/seed/api.ts'
import { newKey } from '../adapters/auth/issuer.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { upgradeRequest } from '../transports/live/raw-socket.ts'
import { SocketIoClient } from '../transports/live/socket-io-client.ts'
import { WITHIN_MS, requestText, type Attacker } from './attacker.ts'
import { FAILURES, openScene, type Scene } from './scene.ts'

const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket'
const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The status, or for Socket.IO the code, of coming with that token over each transport. */
async function refusals (t: Cleanup, { node }: Scene, eve: Attacker, token: string | null): Promise<Array<number | string>> {
  const bearer = token === null ? [] : [`authorization: Bearer ${token}`]
  const overHttp = [requestText('POST', '/v1/claims', token, [], '{"space":"f1-d0"}'), requestText('GET', '/v1/floors/f1/events', token), upgradeRequest('/v1/live', bearer)]
  const statuses = []
  for (const text of overHttp) statuses.push((await eve.send(text)).status)
  const io = new SocketIoClient(t, Number(new URL(node.url).port), token === null ? {} : { token }, { 'x-from': eve.address })
  await until(() => io.refused !== null, { what: 'the refusal over Socket.IO', withinMs: WITHIN_MS })
  io.socket.disconnect()
  return [...statuses, (io.refused as { code: string }).code]
}

test('credentials that are none', async t => {
  const scene = await openScene(t)
  const { issuer, admin, node, attacker, endures, makeKey } = scene

  await t.test('none, expired, forged and revoked tokens are refused over every transport', async t => {
    const now = Math.floor(Date.now() / 1_000)
    const revoked = await makeKey('lost', 'manager')
    await askApi(admin, 'DELETE', '/v1/keys/lost')
    await until(async () => (await callApi({ url: admin.url, token: revoked }, 'GET', '/v1/floors')).status === 401, { what: 'the key to be revoked' })
    const payload = { iss: issuer.url, aud: 'https://perch.example', sub: 'p0', perch_role: 'admin', exp: now + 300 }
    const tokens: ReadonlyArray<readonly [string, string | null]> = [
      ['none', null],
      ['expired', await issuer.token(Date.now(), { sub: 'p0', exp: now - 3_600 })],
      ['unsigned', `${b64({ alg: 'none' })}.${b64(payload)}.`],
      ['signed by another key', await issuer.token(Date.now(), { sub: 'p0' }, { key: await newKey('first') })],
      ['for another audience', await issuer.token(Date.now(), { sub: 'p0', aud: 'https://other.example' })],
      ['a key id that is a path', await issuer.token(Date.now(), { sub: 'p0' }, { key: await newKey('first'), header: { kid: '../../etc/passwd' } })],
      ['a revoked key', revoked],
      ['a key that never was', `perch_${'0'.repeat(16)}_${'x'.repeat(43)}`],
      ['no token of any kind', 'x'.repeat(8_000)]
    ]
    let from = 30
    const nextAddress = (): string => `127.0.${Math.floor(from / 200)}.${1 + from++ % 200}`
    await endures(t, async () => {
      for (const [what, token] of tokens) {
        const answers = await refusals(t, scene, attacker(t, nextAddress()), token)
        // Those of Socket.IO come from this machine's first address, like the witness; after some of them nobody looks any more.
        assert.deepEqual(answers.slice(0, 3), [401, 401, 401], what)
        assert.ok(answers[3] === 'UNAUTHENTICATED' || answers[3] === 'RATE_LIMITED', `${what}: ${answers[3]}`)
      }
    })
  })

  await t.test('a page of another origin gets no connection, whatever it shows', async t => {
    const eve = attacker(t, '127.0.0.240')
    await endures(t, async () => {
      for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1.evil.example', `https://evil.example/${node.url}`, 'file://']) {
        for (const text of [upgradeRequest('/v1/live', [`authorization: Bearer ${String(admin.token)}`, `origin: ${origin}`]), upgradeRequest(SOCKET_IO, [`origin: ${origin}`]), requestText('GET', '/v1/floors/f1/events', admin.token, [`origin: ${origin}`])]) {
          const { status, body } = await eve.send(text)
          assert.deepEqual([status, (JSON.parse(body) as { code: string }).code], [403, 'FORBIDDEN'], origin)
        }
      }
    })
  })

  await t.test('whoever guesses keys is not looked at any more after a few, and others from there who were right go on', async t => {
    const eve = attacker(t, '127.0.0.241')
    const colleague = requestText('GET', '/v1/floors', await issuer.token(Date.now(), { sub: 'p1' }))
    assert.equal((await eve.send(colleague)).status, 200)
    await endures(t, async () => {
      const statuses: number[] = []
      for (let i = 0; i < 5 * FAILURES; i++) {
        const { status, head } = await eve.send(requestText('GET', '/v1/floors', `perch_${String(i).padStart(16, '0')}_${'x'.repeat(43)}`))
        statuses.push(status)
        if (status === 429) assert.match(head, /\r\nretry-after: \d+/i)
      }
      const looked = statuses.filter(status => status === 401).length
      assert.ok(looked <= FAILURES + 5 && statuses.at(-1) === 429, `${looked} were looked at`)
      assert.equal((await eve.send(colleague)).status, 200)
    })
  })

  await t.test('whoever tries PINs at a kiosk gets few tries, whomever they try', async t => {
    const token = await makeKey('kiosk', 'kiosk')
    await askApi(admin, 'PUT', '/v1/people/p5/pin', { pin: '4711' })
    let looked = 0
    await endures(t, async () => {
      const tries = await Promise.all(Array.from({ length: 40 }, async (_, i) => await callApi({ url: admin.url, token }, 'POST', '/v1/claims', { space: 'f1-d1', person: { id: `p${i % 30}`, pin: `0${i}`.padStart(4, '0') } })))
      const statuses = tries.map(({ status }) => status)
      assert.ok(statuses.includes(429) && statuses.every(status => status === 404 || status === 429), statuses.join())
      assert.ok(statuses.filter(status => status === 404).length <= FAILURES + 2, statuses.join())
      looked += statuses.filter(status => status === 404).length
      // One more may be looked at by now, and not several.
      const more = []
      for (let i = 0; i < 4; i++) more.push((await callApi({ url: admin.url, token }, 'POST', '/v1/claims', { space: 'f1-d1', person: { id: 'p5', pin: '0000' } })).status)
      assert.ok(more.includes(429), more.join())
    })
    assert.ok(looked > 0)
  })
})
