import assert from 'node:assert/strict'
import { test } from 'tap'
import { askApi, callApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { AUDIENCE, Issuer } from '../adapters/auth/issuer.ts'
import { apiOf, inMinutes, openBackends, startNodes } from '../e2e/installation.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rowOfDesks } from '../harness/core.ts'
import type { RunningPerch } from '../harness/perch.ts'
import { command } from '../harness/redis.ts'
import { Reader, type ReaderOptions } from './reader.ts'

/** Somebody whom nothing else in the world is called like. */
interface Somebody {
  id: string
  name: string
  badge: string
  pin: string
}

const NAMES = ['Quandora Ixworth', 'Belzarin Uptegrove', 'Fyodrika Mansplat', 'Gwendrix Oldacre', 'Hjalmine Vexford', 'Jorvella Quibbe', 'Kestrine Dwale', 'Lumbriel Zafft', 'Mirgosta Plough', 'Nyxandra Twill']
const PEOPLE: readonly Somebody[] = NAMES.map((name, i) => ({ id: `who-${name.slice(0, 4).toLowerCase()}`, name, badge: `card/${name.slice(-5)}/${i}771`, pin: `9${i}4417${i}02663` }))
const [MEMBER, VIEWER, MANAGER, DEB, EVE, FAY, GUS, HAL, IVY, JO] = PEOPLE as [Somebody, Somebody, Somebody, Somebody, Somebody, Somebody, Somebody, Somebody, Somebody, Somebody]
/** What Fay was called before. */
const FAY_BEFORE = 'Jorunda Quincebury'

/** Who may be shown at a moment; names that are not anybody's any more are no one's. */
interface Moment {
  visible: ReadonlySet<string>
  displayNames: boolean
}

/** What was said while it was so: to each reader from one length to another. */
interface Stretch {
  /** While something changes, both what was and what will be is allowed. */
  allowed: readonly Moment[]
  from: readonly number[]
  to: readonly number[]
}

/** All that tells of them, apart from what nobody is ever told. */
const traces = ({ id, name }: Somebody): string[] => [id, name, ...name.split(' ')]

/** Whom the text tells of. */
function found (text: string, people: readonly Somebody[]): string[] {
  return people.filter(somebody => traces(somebody).some(trace => text.includes(trace))).map(({ id }) => id)
}

const secrets = (text: string): string[] => PEOPLE.flatMap(({ badge, pin }) => [badge, pin]).filter(secret => text.includes(secret))

function maySee ({ own = [], sees }: ReaderOptions, id: string, moments: readonly Moment[]): boolean {
  return own.includes(id) || moments.some(({ visible, displayNames }) => visible.has(id) && (sees === 'visible' || (sees === 'visible where displays may' && displayNames)))
}

/** Everything that anybody was told and may not know: reader, person, and what stood around it. */
function leaks (readers: readonly Reader[], stretches: readonly Stretch[], people: readonly Somebody[]): string[] {
  return stretches.flatMap(({ allowed, from, to }) => readers.flatMap(({ options, tap }, i) => {
    const text = tap.text(from[i] ?? 0, to[i] ?? 0)
    const wrong = people.filter(({ id }) => !maySee(options, id, allowed) && found(text, people).includes(id))
    return [...wrong.map(somebody => `${options.name}: ${somebody.id} in ${around(text, traces(somebody))}`), ...secrets(text).map(secret => `${options.name}: ${secret}`)]
  }))
}

function around (text: string, words: readonly string[]): string {
  const at = Math.min(...words.map(word => text.indexOf(word)).filter(index => index >= 0))
  return text.slice(Math.max(0, at - 150), at + 60)
}

/** An office over two nodes, and somebody of each kind who reads. */
class Day {
  readonly nodes: readonly RunningPerch[]
  readonly admin: ApiAddress
  readonly readers: readonly Reader[]
  readonly stretches: Stretch[] = []
  readonly kiosk: Reader
  readonly member: Reader
  readonly redisPort: number
  #moment: Moment = { visible: new Set([MEMBER, VIEWER, MANAGER, DEB, EVE, FAY, GUS].map(({ id }) => id)), displayNames: false }
  #since: readonly number[]
  #beacon = false

  private constructor (nodes: readonly RunningPerch[], redisPort: number, readers: readonly Reader[]) {
    this.nodes = nodes
    this.admin = apiOf(nodes[0] as RunningPerch)
    this.redisPort = redisPort
    this.readers = readers
    const called = (name: string): Reader => readers.find(({ options }) => options.name === name) as Reader
    this.kiosk = called('kiosk')
    this.member = called('member')
    this.#since = this.#lengths()
  }

  static async open (t: Cleanup): Promise<Day> {
    const [issuer, backends] = [await Issuer.start(t), await openBackends(t)]
    const nodes = await startNodes(t, 2, { ...backends.env, OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE, LOG_LEVEL: 'trace' })
    const [one, two] = nodes as [RunningPerch, RunningPerch]
    await furnish(apiOf(one))
    const tokenOf = async (sub: string, claims = {}): Promise<string> => await issuer.token(Date.now(), { sub, ...claims })
    const keyOf = async (role: string): Promise<string> => (await askApi(apiOf(one), 'POST', '/v1/keys', { name: `a-${role}`, role, ...(role !== 'operator' && { site: 'hq' }) }) as { token: string }).token
    const [viewer, member, kiosk, display, sensor] = [await tokenOf(VIEWER.id, { perch_role: 'viewer' }), await tokenOf(MEMBER.id), await keyOf('kiosk'), await keyOf('display'), await keyOf('sensor')]
    const manager = await tokenOf(MANAGER.id, { perch_role: 'manager', perch_site: 'hq' })
    const asks = ASKED
    const all: ReaderOptions[] = [
      { name: 'nobody', token: null, sees: 'nobody', asks },
      { name: 'sensor', token: sensor, sees: 'nobody', asks },
      { name: 'viewer', token: viewer, own: [VIEWER.id], sees: 'visible', asks },
      { name: 'viewer of counts', token: viewer, audience: 'counts', own: [VIEWER.id], sees: 'nobody', asks },
      { name: 'viewer of states', token: viewer, audience: 'anonymous', own: [VIEWER.id], sees: 'nobody', asks },
      { name: 'member', token: member, own: [MEMBER.id], sees: 'visible', asks },
      { name: 'display', token: display, sees: 'visible where displays may', asks },
      { name: 'display of names', token: display, audience: 'named', sees: 'visible where displays may', asks },
      { name: 'display of counts', token: display, audience: 'counts', sees: 'nobody', asks },
      // Of whoever shows it their card it learns who that is.
      { name: 'kiosk', token: kiosk, own: [IVY.id], sees: 'visible', asks },
      { name: 'manager', token: manager, own: [MANAGER.id], sees: 'visible', asks: ['/v1/floors', '/v1/sites', '/v1/org', '/v1/me'] },
      { name: 'manager of counts', token: manager, audience: 'counts', own: [MANAGER.id], sees: 'nobody', asks: [] }
    ]
    const readers = await Promise.all(all.map(async (options, i) => await Reader.open(t, (i % 2 === 0 ? one : two).url, options)))
    return new Day(nodes, backends.redis.port, readers)
  }

  async call (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    return await askApi(this.admin, method, path, body) as Record<string, unknown>
  }

  async claim (body: object): Promise<string> {
    return ((await this.call('POST', '/v1/claims', { to: inMinutes(60), ...body }))['claim'] as { id: string }).id
  }

  /** What goes on for a while, with everybody reading. */
  async goOn (what: () => Promise<unknown>): Promise<void> {
    for (const reader of this.readers) reader.watch('f1')
    await this.settle()
    await what()
    await this.settle()
    await Promise.all(this.readers.map(async reader => await reader.askAround('f1')))
  }

  /** Something that changes who may see whom. When it is done nobody is shown who was to be seen before. */
  async turn (what: () => Promise<unknown>, after: Partial<Moment>): Promise<void> {
    await this.settle()
    this.#cut([this.#moment])
    const before = this.#moment
    this.#moment = { ...before, ...after }
    await what()
    await this.settle()
    this.#cut([before, this.#moment])
  }

  hiding (...people: readonly Somebody[]): Partial<Moment> {
    return { visible: new Set([...this.#moment.visible].filter(id => !people.some(somebody => somebody.id === id))) }
  }

  showing (...people: readonly Somebody[]): Partial<Moment> {
    return { visible: new Set([...this.#moment.visible, ...people.map(({ id }) => id)]) }
  }

  end (): void {
    this.#cut([this.#moment])
  }

  /** Everybody has heard of everything so far: a space that nobody sits at goes out of service, or back. */
  async settle (): Promise<void> {
    this.#beacon = !this.#beacon
    await this.call(this.#beacon ? 'PUT' : 'DELETE', '/v1/spaces/f1-d15/block', this.#beacon ? { reason: 'beacon' } : undefined)
    const { seq } = await this.call('GET', '/v1/floors/f1/state') as { seq: number }
    await Promise.all(this.readers.map(async reader => await reader.reached(seq)))
  }

  #lengths (): number[] {
    return this.readers.map(({ tap }) => tap.length)
  }

  #cut (allowed: readonly Moment[]): void {
    const to = this.#lengths()
    this.stretches.push({ allowed, from: this.#since, to })
    this.#since = to
  }
}

/** What a curious client asks for; nothing in it names anybody. */
const ASKED = [
  '/v1/floors', '/v1/floors/f1', '/v1/sites', '/v1/org', '/v1/people', '/v1/groups', '/v1/people?search=lum', '/v1/people?search=mir', '/v1/people?search=gwe', '/v1/people?search=jor',
  '/v1/claims', '/v1/claims?floor=f1', '/v1/claims?space=f1-d1', '/v1/audit', '/v1/devices', '/v1/keys', '/v1/me', '/v1/me/look-ups', '/v1/floors/nowhere', '/v1/floors/f1/state?audience=everything',
  '/openapi.json', '/%c0%ae', '/healthz', '/readyz'
]

/** A small zone, a large one, and a desk that is one person's, a hidden one's; `planted`: what an admin writes who has not understood. */
function plan (planted: string | null = null): unknown {
  const { spaces, ...floor } = rowOfDesks('f1', 16)
  const zone = (i: number): string | null => i < 3 ? 'nook' : i < 12 ? planted ?? 'hall' : null
  return {
    ...floor,
    zones: [{ id: 'nook', name: 'Nook' }, { id: planted ?? 'hall', name: 'Hall', for: { groups: [], people: PEOPLE.map(({ id }) => id) } }],
    spaces: [
      ...spaces.map(({ id, label, kind }, i) => ({ id, label, kind, zone: zone(i), ...(i === 7 && { for: { people: [HAL.id, MEMBER.id] } }) })),
      ...(planted === null ? [] : [{ id: planted, label: 'Desk', kind: 'desk', zone: null }])
    ],
    plan: { type: 'FeatureCollection', features: [...floor.plan.features, ...(planted === null ? [] : [{ type: 'Feature', geometry: { type: 'Point', coordinates: [0, 9] }, properties: { space: planted } }])] }
  }
}

async function furnish (server: ApiAddress): Promise<void> {
  await askApi(server, 'PUT', '/v1/org', { name: 'Demo' })
  await askApi(server, 'PUT', '/v1/sites/hq', { name: 'HQ', zone: 'UTC', policy: { overlapping: { desk: 1 } } })
  await askApi(server, 'PUT', '/v1/people', { people: PEOPLE.map(({ id, name, badge }, i) => ({ id, name: id === FAY.id ? FAY_BEFORE : name, badges: [badge], groups: ['crew'], visibility: i < 7 ? 'everyone' : 'hidden' })) })
  for (const { id, pin } of PEOPLE) await askApi(server, 'PUT', `/v1/people/${id}/pin`, { pin })
  await askApi(server, 'PUT', '/v1/floors/f1', plan())
}

/** Everybody at work: who comes, who is refused because of whom, and who goes. */
async function morning (day: Day): Promise<void> {
  await day.claim({ space: 'f1-d0', person: DEB.id, checkIn: true })
  await day.claim({ space: 'f1-d1', person: { badge: HAL.badge }, checkIn: true })
  await day.claim({ space: 'f1-d3', person: EVE.id, from: inMinutes(120), to: inMinutes(180) })
  await day.claim({ space: 'f1-d4', person: { badge: FAY.badge }, checkIn: true })
  await day.claim({ space: 'f1-d7', person: HAL.id, from: inMinutes(600), to: inMinutes(660) })
  await day.claim({ space: 'f1-d5', person: GUS.id, checkIn: true })
  await day.claim({ space: 'f1-d6', person: { id: JO.id, pin: JO.pin } })
  await day.call('PUT', '/v1/spaces/f1-d12/block', { reason: 'lamp broken', until: inMinutes(300) })
  await day.call('POST', '/v1/readings', { readings: [{ space: 'f1-d13', value: 'occupied' }, { space: 'f1-d5', value: 'occupied' }, { space: 'f1-d1', value: 'vacant' }] })
}

/** Whoever may claim runs into those who have what they want, over every transport. */
async function collisions (day: Day, hidden: string): Promise<void> {
  const { kiosk, member } = day
  for (const space of ['f1-d1', 'f1-d6', 'f1-d12']) {
    member.say({ type: 'claim', id: `take-${space}`, claim: { space, to: inMinutes(30) } })
    assert.equal(await member.ask('POST', '/v1/claims', { space, to: inMinutes(30) }), 409)
    kiosk.say({ type: 'claim', id: `take-${space}`, claim: { space, person: { badge: IVY.badge }, to: inMinutes(30) } })
    assert.equal(await kiosk.ask('POST', '/v1/claims', { space, person: { badge: IVY.badge }, to: inMinutes(30) }), 409)
  }
  // What is somebody else's is as unknown as what is not there, and says no more.
  for (const call of [['GET', ''], ['POST', '/check-in'], ['POST', '/release'], ['PATCH', '']] as const) {
    for (const reader of day.readers.filter(({ options }) => !options.name.startsWith('manager') && options.name !== 'kiosk')) {
      const status = await reader.ask(call[0], `/v1/claims/${hidden}${call[1]}`, call[0] === 'GET' ? undefined : call[0] === 'PATCH' ? { to: inMinutes(90) } : {})
      assert.ok(status >= 400, `${reader.options.name} ${call.join(' ')}`)
    }
  }
  const own = await callApi({ url: kiosk.tap.url, token: kiosk.options.token }, 'POST', '/v1/claims', { space: 'f1-d8', person: { badge: IVY.badge }, to: inMinutes(30) })
  assert.equal(own.status, 201)
  assert.equal(await kiosk.ask('POST', '/v1/claims', { space: 'f1-d9', person: { badge: IVY.badge }, to: inMinutes(30) }), 409, 'they have a desk already')
  assert.equal(await kiosk.ask('POST', '/v1/claims', { space: 'f1-d9', person: { badge: 'no such card' }, to: inMinutes(30) }), 404)
  for (const pin of ['0000', IVY.pin]) await kiosk.ask('POST', '/v1/claims', { space: 'f1-d9', person: { id: IVY.id, pin }, to: inMinutes(30) })
  await day.call('POST', `/v1/claims/${(own.body as { claim: { id: string } }).claim.id}/release`, {})
}

test('whoever reads every byte of a day finds nobody whom they may not see', async t => {
  const day = await Day.open(t)
  const hals = async (): Promise<string> => ((await day.call('GET', '/v1/claims?space=f1-d1'))['claims'] as Array<{ id: string }>)[0]?.id ?? ''
  await day.goOn(async () => await morning(day))
  await day.goOn(async () => await collisions(day, await hals()))
  await day.turn(async () => await day.call('PUT', `/v1/people/${DEB.id}`, { name: DEB.name, visibility: 'hidden' }), day.hiding(DEB))
  await day.goOn(async () => await day.call('POST', '/v1/readings', { readings: [{ space: 'f1-d0', value: 'occupied' }, { space: 'f1-d13', value: 'vacant' }] }))
  await day.turn(async () => await day.call('PUT', '/v1/sites/hq', { name: 'HQ', zone: 'UTC', policy: { displayNames: true, overlapping: { desk: 1 } } }), { displayNames: true })
  await day.goOn(async () => await day.claim({ space: 'f1-d10', person: EVE.id, checkIn: true }))
  await day.turn(async () => await day.call('PUT', `/v1/people/${HAL.id}`, { name: HAL.name, visibility: 'everyone' }), day.showing(HAL))
  await day.goOn(async () => await collisions(day, await hals()))
  await day.turn(async () => await day.call('PUT', '/v1/sites/hq', { name: 'HQ', zone: 'UTC', policy: { displayNames: false, overlapping: { desk: 1 } } }), { displayNames: false })
  await day.turn(async () => await day.call('PUT', `/v1/people/${FAY.id}`, { name: FAY.name }), {})
  const afterRenaming = day.readers.map(({ tap }) => tap.length)
  await day.goOn(async () => await day.call('PATCH', `/v1/claims/${await hals()}`, { space: 'f1-d2' }))
  await day.turn(async () => await day.call('DELETE', `/v1/people/${GUS.id}`), day.hiding(GUS))
  await day.goOn(async () => await day.call('DELETE', '/v1/spaces/f1-d12/block'))
  day.end()
  assert.deepEqual(leaks(day.readers, day.stretches, PEOPLE), [])

  await t.test('what somebody was called before is gone', async () => {
    const heard = day.readers.map(({ tap }, i) => [tap.text(0, afterRenaming[i] ?? 0), tap.text(afterRenaming[i] ?? 0, tap.length)] as const)
    assert.ok(heard.some(([before]) => before.includes(FAY_BEFORE)))
    assert.ok(!heard.some(([, after]) => after.includes(FAY_BEFORE)))
  })

  await t.test('whom they may see they have seen', async () => {
    const saw = (name: string): string[] => {
      const reader = day.readers.find(({ options }) => options.name === name) as Reader
      return found(reader.tap.text(0, reader.tap.length), PEOPLE)
    }
    for (const name of ['viewer', 'member', 'kiosk', 'manager']) for (const somebody of [DEB, EVE, FAY, GUS, HAL]) assert.ok(saw(name).includes(somebody.id), `${name} ${somebody.id}`)
    for (const name of ['display', 'display of names']) for (const somebody of [EVE, FAY, GUS, HAL]) assert.ok(saw(name).includes(somebody.id), `${name} ${somebody.id}`)
  })

  await t.test('neither the log, nor metrics, nor names of keys tell of anybody', async () => {
    const names = await command(day.redisPort, async client => await client.keys('*'))
    const metrics = await Promise.all(day.nodes.map(async ({ url }) => await (await fetch(`${url}/metrics`)).text()))
    const logs = await Promise.all(day.nodes.map(async node => await node.output()))
    assert.ok(names.length > 0 && metrics.every(text => text.includes('perch_commands_total')) && logs.every(text => text.includes('answered')))
    for (const [what, text] of [['keys', names.join('\n')], ['metrics', metrics.join('\n')], ['log', logs.join('\n')]] as const) {
      const told = PEOPLE.flatMap(somebody => [...traces(somebody), somebody.badge, somebody.pin]).filter(trace => text.includes(trace))
      assert.deepEqual(told, [], `${what}: ${told.length > 0 ? around(text, told) : ''}`)
    }
  })

  await t.test('a name in what everybody is shown is found with everybody who watches', async () => {
    const from = day.readers.map(({ tap }) => tap.length)
    await day.call('PUT', '/v1/floors/f1', plan(JO.id))
    await day.goOn(async () => {})
    const planted: Stretch = { allowed: [{ visible: new Set(), displayNames: false }], from, to: day.readers.map(({ tap }) => tap.length) }
    const named = new Set(leaks(day.readers, [planted], [JO]).map(leak => leak.split(':')[0]))
    assert.deepEqual([...named], day.readers.map(({ options }) => options.name).filter(name => name !== 'nobody' && name !== 'sensor'))
  })
})
