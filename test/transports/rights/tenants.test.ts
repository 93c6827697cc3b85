import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Authenticator, Principal } from '../../../src/application/principal.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import { shardOf } from '../../../src/domain/ids.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { rest } from '../../harness/stream-node.ts'
import { ADMIN, ORG, rowOfDesks } from '../../stand-ins/building.ts'
import { noteThat } from '../../stand-ins/notes.ts'
import { EventClient } from '../live/event-client.ts'
import { openLive, type LiveServer } from '../live/open-live.ts'
import { SocketIoClient } from '../live/socket-io-client.ts'
import { WebSocketClient } from '../live/web-socket-client.ts'

const THEM = 'globex'
const THEIRS: Principal = { ...ADMIN, org: THEM }

/** A token is the org: everybody is its admin, who may do more than anybody else in it. */
const byOrg: Authenticator = {
  async authenticate (token) {
    if (token !== ORG && token !== THEM) throw new PerchError('UNAUTHENTICATED')
    return { ...ADMIN, org: token }
  }
}

/** Ids of one kind for each placeholder. */
type Ids = Readonly<Record<'floor' | 'space' | 'claim' | 'person' | 'site' | 'name' | 'group' | 'badge' | 'device', string>>

/** What nobody has. */
const NOBODYS: Ids = {
  floor: 'n0', space: 'n-d1', claim: '019cadd4-0000-7000-8000-00000000dead', person: 'nobody', site: 'nowhere', name: 'no-key', group: 'no-group', badge: 'badge of nobody', device: '00000000deadbeef'
}

type Call = readonly [call: string, url: (ids: Ids) => string, body?: (ids: Ids) => unknown]

const SOON = '2026-03-02T08:30:00Z'
const floorBody = (ids: Partial<Ids>) => ({ ...rowOfDesks([ids.space ?? 'x-d1']), site: ids.site ?? 'hq' })

/** Every route, by the name that the OpenAPI document has for it, with another's id wherever one can stand. */
const CALLS: readonly Call[] = [
  ['GET /v1/audit', () => '/v1/audit'],
  ['GET /v1/audit', ({ claim, space, floor }) => `/v1/audit?claim=${claim}&space=${space}&floor=${floor}`],
  // From here on it tells whom they looked for themselves.
  ['GET /v1/audit', ({ person }) => `/v1/audit?person=${person}`],
  ['GET /v1/floors', () => '/v1/floors'],
  ['GET /v1/floors/{floor}', ({ floor }) => `/v1/floors/${floor}`],
  ['GET /v1/floors/{floor}/state', ({ floor }) => `/v1/floors/${floor}/state`],
  ['GET /v1/floors/{floor}/events', ({ floor }) => `/v1/floors/${floor}/events`],
  ['POST /v1/claims', () => '/v1/claims', ({ space }) => ({ space, person: 'ada' })],
  ['POST /v1/claims', () => '/v1/claims', ({ person }) => ({ space: 'd1', person })],
  ['POST /v1/claims', () => '/v1/claims', ({ badge }) => ({ space: 'd1', person: { badge } })],
  ['GET /v1/claims', ({ person }) => `/v1/claims?person=${person}`],
  ['GET /v1/claims', ({ space }) => `/v1/claims?space=${space}`],
  ['GET /v1/claims', ({ floor }) => `/v1/claims?floor=${floor}`],
  ['GET /v1/claims/{claim}', ({ claim }) => `/v1/claims/${claim}`],
  ['PATCH /v1/claims/{claim}', ({ claim }) => `/v1/claims/${claim}`, () => ({ to: SOON })],
  ['PATCH /v1/claims/{claim}', ({ claim }) => `/v1/claims/${claim}`, ({ space }) => ({ space })],
  ['POST /v1/claims/{claim}/check-in', ({ claim }) => `/v1/claims/${claim}/check-in`],
  ['POST /v1/claims/{claim}/release', ({ claim }) => `/v1/claims/${claim}/release`],
  ['PUT /v1/spaces/{space}/block', ({ space }) => `/v1/spaces/${space}/block`, () => ({})],
  ['DELETE /v1/spaces/{space}/block', ({ space }) => `/v1/spaces/${space}/block`],
  ['POST /v1/readings', () => '/v1/readings', ({ space }) => ({ readings: [{ space, value: 'occupied' }] })],
  ['GET /v1/people', ({ group }) => `/v1/people?group=${group}`],
  ['GET /v1/people', ({ person }) => `/v1/people?after=${person.slice(0, 1)}`],
  ['GET /v1/people/{person}', ({ person }) => `/v1/people/${person}`],
  ['GET /v1/people', ({ name }) => `/v1/people?search=${name === 'no-key' ? 'nobody' : 'gina'}`],
  ['GET /v1/people/{person}/export', ({ person }) => `/v1/people/${person}/export`],
  ['PUT /v1/people/{person}/pin', ({ person }) => `/v1/people/${person}/pin`, () => ({ pin: '271828' })],
  ['DELETE /v1/people/{person}/pin', ({ person }) => `/v1/people/${person}/pin`],
  ['GET /v1/whoami', () => '/v1/whoami'],
  ['GET /v1/me', () => '/v1/me'],
  ['PUT /v1/me', () => '/v1/me', () => ({ visibility: 'hidden' })],
  ['GET /v1/me/look-ups', () => '/v1/me/look-ups'],
  ['POST /v1/retention', () => '/v1/retention'],
  ['POST /v1/people/identify', () => '/v1/people/identify', ({ badge }) => ({ badge, site: 'hq' })],
  ['POST /v1/people/identify', () => '/v1/people/identify', ({ site }) => ({ badge: 'any', site })],
  ['POST /v1/people/arrive', () => '/v1/people/arrive', ({ person }) => ({ person, site: 'hq' })],
  ['POST /v1/people/arrive', () => '/v1/people/arrive', ({ site }) => ({ person: 'ada', site })],
  ['POST /v1/people/leave', () => '/v1/people/leave', ({ badge }) => ({ person: { badge }, site: 'hq' })],
  ['POST /v1/people/leave', () => '/v1/people/leave', ({ site }) => ({ person: 'ada', site })],
  ['GET /v1/groups', () => '/v1/groups'],
  ['GET /v1/sites', () => '/v1/sites'],
  ['GET /v1/org', () => '/v1/org'],
  ['GET /v1/keys', () => '/v1/keys'],
  ['GET /v1/devices', () => '/v1/devices'],
  ['POST /v1/devices', () => '/v1/devices', ({ site }) => ({ name: 'Ours', role: 'kiosk', site })],
  ['POST /v1/devices', () => '/v1/devices', ({ floor }) => ({ name: 'Ours', role: 'kiosk', site: 'hq', floor })],
  ['PATCH /v1/devices/{device}', ({ device }) => `/v1/devices/${device}`, () => ({ name: 'Ours' })],
  ['DELETE /v1/devices/{device}', ({ device }) => `/v1/devices/${device}`],
  ['GET /v1/devices/self', () => '/v1/devices/self'],
  ['PUT /v1/devices/self', () => '/v1/devices/self', () => ({ version: '1', health: 'ok' })],
  // A code that a device shows is of no org yet, and one that was made is whose who has it: there is nothing of theirs to ask for.
  ['POST /v1/pairings/{code}/approve', () => '/v1/pairings/ACDE-FGHJ/approve', ({ site }) => ({ name: 'Ours', role: 'kiosk', site })],
  ['POST /v1/pairings/{code}/approve', () => '/v1/pairings/ACDE-FGHJ/approve', ({ floor }) => ({ name: 'Ours', role: 'kiosk', site: 'hq', floor })],
  ['POST /v1/pairings/{code}/refuse', () => '/v1/pairings/ACDE-FGHJ/refuse'],
  ['POST /v1/pairings/redeem', () => '/v1/pairings/redeem', () => ({ code: 'ACDE-FGHJ' })],
  ['POST /v1/pairings/poll', () => '/v1/pairings/poll', () => ({ secret: 'A'.repeat(43) })],
  ['DELETE /v1/keys/{name}', ({ name }) => `/v1/keys/${name}`],
  ['POST /v1/keys', () => '/v1/keys', ({ site }) => ({ name: 'ours', role: 'kiosk', site })],
  ['PUT /v1/floors/{floor}', () => '/v1/floors/f2', ({ site }) => floorBody({ site })],
  ['PUT /v1/org', () => '/v1/org', ({ name }) => ({ id: name, name: 'Acme' })],
  // From here on ids are taken for new ones of their own: what is unique is so within an org.
  ['PUT /v1/floors/{floor}', ({ floor }) => `/v1/floors/${floor}`, ({ space }) => floorBody({ space })],
  ['PUT /v1/sites/{site}', ({ site }) => `/v1/sites/${site}`, () => ({ name: 'Ours', zone: 'UTC' })],
  ['PUT /v1/people/{person}', ({ person }) => `/v1/people/${person}`, ({ badge }) => ({ name: 'Ours', badges: [badge] })],
  ['PUT /v1/people', () => '/v1/people', ({ person, group }) => ({ people: [{ id: person, name: 'Ours', groups: [group] }] })],
  ['PUT /v1/groups', () => '/v1/groups', ({ group }) => ({ groups: [{ id: group, name: 'Ours' }] })],
  ['POST /v1/keys', () => '/v1/keys', ({ name }) => ({ name, role: 'viewer' })],
  ['POST /v1/claims', () => '/v1/claims', ({ claim, space, person }) => ({ id: claim, space, person, to: SOON, await: 'accepted' })],
  ['POST /v1/people/{person}/erase', ({ person }) => `/v1/people/${person}/erase`],
  ['DELETE /v1/people/{person}', ({ person }) => `/v1/people/${person}`],
  ['POST /v1/pairings', () => '/v1/pairings'],
  ['POST /v1/tickets', () => '/v1/tickets']
]

/** Every frame, likewise. */
const FRAMES: ReadonlyArray<(ids: Ids) => Record<string, unknown>> = [
  ({ floor }) => ({ type: 'watch', floor }),
  ({ floor }) => ({ type: 'watch', floor, audience: 'counts', epoch: 1, seq: 1 }),
  ({ floor }) => ({ type: 'unwatch', floor }),
  ({ space }) => ({ type: 'claim', claim: { space, person: 'ada' } }),
  ({ person }) => ({ type: 'claim', claim: { space: 'd1', person } }),
  ({ badge }) => ({ type: 'claim', claim: { space: 'd1', person: { badge } } }),
  ({ claim }) => ({ type: 'checkIn', claim }),
  ({ claim }) => ({ type: 'release', claim }),
  ({ claim, space }) => ({ type: 'change', claim, change: { space } }),
  ({ person }) => ({ type: 'arrive', person, site: 'hq' }),
  ({ site }) => ({ type: 'arrive', person: 'ada', site }),
  ({ badge }) => ({ type: 'leave', person: { badge }, site: 'hq' }),
  () => ({ type: 'renew', token: THEM })
]

async function open (t: Cleanup) {
  const server = await openLive(t, { authenticator: byOrg })
  const { store, admin, commands, newId } = server.building
  if (shardOf(THEM) !== shardOf(ORG)) {
    const frozen = await store.freeze(shardOf(THEM), 1, 'keeper')
    if (frozen.frozen) await store.thaw(frozen.freeze)
  }
  const claim = newId()
  const theirs = { floor: 'g1', space: 'g-d1', claim, person: 'gina', site: 'vault', name: 'g-key', group: 'gsales', badge: 'badge of gina' }
  await admin.putOrg(THEIRS, { name: 'Globex' })
  await admin.putSite(THEIRS, theirs.site, { name: 'Vault', zone: 'UTC' })
  await admin.putPeople(THEIRS, { people: [{ id: theirs.person, name: 'Gina Secret', groups: [theirs.group], badges: [theirs.badge] }] })
  await admin.putFloor(THEIRS, theirs.floor, { ...rowOfDesks([theirs.space]), site: theirs.site }, { release: false })
  await commands.claim(THEIRS, { id: claim, space: theirs.space, person: theirs.person, await: 'accepted' })
  await server.keys.addKey({ id: '0123456789abcdef', org: THEM, name: theirs.name, role: 'admin', site: null, hash: '', createdAt: server.building.clock.now(), expiresAt: null, lastUsedAt: null }, noteThat('key-made', theirs.name))
  const { pairing } = server.devices
  const { device } = await pairing.redeem('127.0.0.9', (await pairing.prepare(THEIRS, { name: 'Globex lobby', role: 'kiosk', site: theirs.site })).code)
  return { server, theirs: { ...theirs, device: device.id } satisfies Ids }
}

/** All that they have. */
async function stateOf ({ building: { store, directory, clock }, keys, devices }: LiveServer): Promise<unknown> {
  return {
    commits: (await store.outbox(shardOf(THEM), 1, 0, 10_000)).filter(({ entry }) => entry.includes(THEM)),
    org: await directory.org(THEM),
    sites: await directory.sites(THEM),
    floor: await directory.floor(THEM, 'g1'),
    people: await directory.people(THEM, { after: null, limit: 100 }),
    groups: await directory.groups(THEM),
    keys: await keys.keys(THEM, clock.now()),
    devices: await devices.admin.devices(THEIRS)
  }
}

/** Without the ids that were asked for, and without what is another at every call. */
function blurred (text: string, ids: Ids): string {
  const named = Object.values(ids).reduce((rest, id) => rest.replaceAll(`"${id}"`, '"<asked>"'), text)
  return named.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<uuid>').replaceAll(/"seq":\d+/g, '"seq":0').replaceAll(/"\d{4}-\d\d-\d\dT[\d:]+Z"/g, '"<moment>"').replaceAll(/"[\w-]{43,}"/g, '"<secret>"').replaceAll(/"[0-9a-f]{16}"/g, '"<device>"').replaceAll(/"[A-Z0-9]{4}-[A-Z0-9]{4}"/g, '"<code>"')
}

/** Nothing of what they have stands in it, but what the caller has named itself. */
function mustTellNothing (text: string, what: string): void {
  assert.doesNotMatch(text, /Gina|Secret|Globex|Vault/, what)
}

test('whoever asks by any route for what another org has is answered as if nobody had it, and changes nothing of it', async t => {
  const { server, theirs } = await open(t)
  const before = await stateOf(server)
  for (const [call, url, body] of CALLS) {
    const answers = await Promise.all([theirs, NOBODYS].map(async ids => {
      const payload = body?.(ids)
      const { statusCode, body: text } = await server.app.inject({
        method: call.split(' ', 1)[0] as 'GET', url: url(ids), headers: { authorization: `Bearer ${ORG}`, host: '127.0.0.1' }, ...(payload !== undefined && { payload: payload as object })
      })
      mustTellNothing(text, call)
      return { status: statusCode, text: blurred(text, ids) }
    }))
    assert.deepEqual(answers[0], answers[1], `${call} ${url(theirs)} ${JSON.stringify(body?.(theirs))}`)
    assert.ok((answers[0]?.status ?? 500) < 500, JSON.stringify(answers))
  }
  assert.deepEqual(await stateOf(server), before)
})

test('every route stands in that test', async t => {
  const { server } = await open(t)
  const { paths } = (await server.app.inject('/openapi.json')).json() as { paths: Record<string, Record<string, unknown>> }
  const routes = Object.entries(paths).filter(([path]) => path.startsWith('/v1/')).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`))
  assert.deepEqual([...new Set(CALLS.map(([call]) => call))].sort(), routes.filter(route => !route.startsWith('HEAD ')).sort())
})

for (const transport of ['WebSocket', 'Socket.IO'] as const) {
  test(`the same holds for every frame over ${transport}`, async t => {
    const { server, theirs } = await open(t)
    const before = await stateOf(server)
    const client = transport === 'WebSocket' ? new WebSocketClient(t, server.port, ORG) : new SocketIoClient(t, server.port, { token: ORG })
    await server.until('the welcome', () => client.of('welcome').length === 1)
    let n = 0
    for (const frame of FRAMES) {
      const [asked, unknown] = [frame(theirs), frame(NOBODYS)]
      const replies = [await server.ask(client, { ...asked, id: String(++n) }), await server.ask(client, { ...unknown, id: String(++n) })]
      const texts = replies.map((reply, i) => blurred(JSON.stringify({ ...reply, id: '' }), i === 0 ? theirs : NOBODYS))
      assert.equal(texts[0], texts[1], JSON.stringify(asked))
    }
    mustTellNothing(JSON.stringify(client.frames), transport)
    assert.deepEqual(await stateOf(server), before)
  })
}

test('what happens in one org is on no screen of another, over any transport, even where everything has the same name', async t => {
  const { server } = await open(t)
  const { admin, commands, newId } = server.building
  await admin.putSite(THEIRS, 'hq', { name: 'Headquarters', zone: 'UTC' })
  await admin.putFloor(THEIRS, 'f1', rowOfDesks(['d1']), { release: false })
  const clients = [new WebSocketClient(t, server.port, ORG), new SocketIoClient(t, server.port, { token: ORG }), new EventClient(t, server.port, { token: ORG })] as const
  const [websocket, socketio] = clients
  await server.until('the welcomes', () => clients.every(client => client.of('welcome').length === 1))
  for (const client of [websocket, socketio]) await server.ask(client, { type: 'watch', id: '1', floor: 'f1' })
  await server.until('the snapshots', () => clients.every(client => client.of('snapshot').length === 1))
  await admin.putPeople(THEIRS, { people: [{ id: 'ada', name: 'Ada of Globex' }] })
  await commands.claim(THEIRS, { id: newId(), space: 'd1', person: 'ada', await: 'accepted' })
  await rest()
  await commands.claim(ADMIN, { id: newId(), space: 'd2', person: 'ada', await: 'accepted' })
  await server.until('our own diff', () => clients.every(client => client.of('diff').length === 1))
  for (const client of clients) {
    mustTellNothing(JSON.stringify(client.frames), 'frames')
    assert.deepEqual(client.of('diff').flatMap(({ spaces }) => spaces.map(({ id }) => id)), ['d2'])
  }
})
