import type { Operation } from '../../../src/application/rights.ts'
import { ADMIN, ORG, rowOfDesks } from '../../stand-ins/building.ts'
import { noteThat } from '../../stand-ins/notes.ts'
import type { Outcome, Scene } from './scene.ts'

/** One way to try an operation. */
export interface Attempt {
  over: 'HTTP' | 'WebSocket' | 'Socket.IO' | 'SSE'
  what: string
  /** What whoever may not is told; by default FORBIDDEN. */
  refusal?: string
  /** It is about what is the caller's own: devices and services have nothing of the kind. */
  own?: true
  /** It is about another site than hq. */
  elsewhere?: true
  /** Who is of another site is answered as well: by an empty list, by a refusal of each piece; and a code that is shown is of no site yet. */
  anySite?: true
  /** Prepares, as somebody who may; what it gives goes into `ask`. */
  given? (scene: Scene): Promise<string>
  ask (scene: Scene, given: string): Promise<Outcome>
}

const http = (method: Parameters<Scene['http']>[0], url: string, body?: unknown, more: Partial<Attempt> = {}): Attempt => ({
  over: 'HTTP', what: `${method} ${url}`, ask: async (scene, given) => await scene.http(method, url.replace('{given}', given), body), ...more
})

const SOCKETS = { WebSocket: 'websocket', 'Socket.IO': 'socketio' } as const

/** A frame over each of the two transports that take frames. */
function frames (what: string, frame: (scene: Scene, given: string) => Record<string, unknown>, more: Partial<Attempt> = {}): Attempt[] {
  return (['WebSocket', 'Socket.IO'] as const).map(over => ({
    over, what, ask: async (scene, given) => await scene.frame(SOCKETS[over], frame(scene, given)), ...more
  }))
}

const SOON = '2026-03-02T08:30:00Z'
const accepted = { await: 'accepted' }

/** Claim, check in, change, release: for oneself or for ben. */
function claiming (person: 'ada' | 'ben'): Attempt[] {
  const space = person === 'ada' ? 'd1' : 'd2'
  const whose = person === 'ada' ? {} : { person }
  const mine = person === 'ada' ? { own: true as const } : {}
  const claimed = { ...mine, given: async (scene: Scene) => await scene.claimOf(person) }
  return [
    { over: 'HTTP', what: `claim for ${person}`, ask: async scene => await scene.http('POST', '/v1/claims', { id: scene.newId(), space, ...whose, ...accepted }), ...mine },
    http('POST', '/v1/claims/{given}/check-in', accepted, claimed),
    http('PATCH', '/v1/claims/{given}', { to: SOON, ...accepted }, claimed),
    http('PATCH', '/v1/claims/{given}', { space: 'd3', ...accepted }, claimed),
    http('POST', '/v1/claims/{given}/release', accepted, claimed),
    ...frames(`claim for ${person}`, scene => ({ type: 'claim', claim: { id: scene.newId(), space, ...whose, ...accepted } }), mine),
    ...frames('check in', (_, claim) => ({ type: 'checkIn', claim }), claimed),
    ...frames('change', (_, claim) => ({ type: 'change', claim, change: { to: SOON, ...accepted } }), claimed),
    ...frames('release', (_, claim) => ({ type: 'release', claim }), claimed),
    http('POST', '/v1/people/arrive', { ...whose, site: 'hq', ...accepted }, claimed),
    http('POST', '/v1/people/leave', { ...whose, site: 'hq', ...accepted }, claimed),
    ...frames('arrive', () => ({ type: 'arrive', ...whose, site: 'hq', ...accepted }), claimed),
    ...frames('leave', () => ({ type: 'leave', ...whose, site: 'hq', ...accepted }), claimed)
  ]
}

/** A command of one's own that is said to be from a while ago. */
function late (): Attempt[] {
  const ageMs = 60_000
  const claimed = { own: true as const, given: async (scene: Scene) => await scene.claimOf('ada') }
  return [
    { over: 'HTTP', what: 'claim, late', ask: async scene => await scene.http('POST', '/v1/claims', { id: scene.newId(), space: 'd1', ageMs, ...accepted }), own: true },
    http('POST', '/v1/claims/{given}/check-in', { ageMs, ...accepted }, claimed),
    http('POST', '/v1/claims/{given}/release', { ageMs, ...accepted }, claimed),
    http('PATCH', '/v1/claims/{given}', { to: SOON, ageMs, ...accepted }, claimed),
    http('POST', '/v1/people/arrive', { site: 'hq', ageMs, ...accepted }, claimed),
    ...frames('check in, late', (_, claim) => ({ type: 'checkIn', claim, ageMs }), claimed),
    ...frames('release, late', (_, claim) => ({ type: 'release', claim, ageMs }), claimed)
  ]
}

const device = { name: 'Lobby', role: 'kiosk', site: 'hq' }
const key = { name: 'ci', role: 'viewer', site: 'hq' }

/** Every operation by every way that there is. The types demand all operations. */
export const ATTEMPTS: Readonly<Record<Operation, readonly Attempt[]>> = {
  watch: [
    http('GET', '/v1/floors/f1/state'),
    { over: 'SSE', what: 'GET /v1/floors/f1/events', ask: async scene => await scene.events() },
    ...frames('watch', () => ({ type: 'watch', floor: 'f1' })),
    ...frames('watch the totals', () => ({ type: 'watch', floor: 'f1', audience: 'counts' }))
  ],
  'read-floors': [http('GET', '/v1/floors'), http('GET', '/v1/floors/f1'), http('GET', '/v1/sites')],
  'claim-own': claiming('ada'),
  'claim-others': [
    ...claiming('ben'),
    {
      over: 'HTTP',
      what: 'claim for a badge',
      async given ({ server }) {
        await server.building.admin.putPerson(ADMIN, 'ben', { name: 'Ben', badges: ['badge of ben'] })
        return ''
      },
      ask: async scene => await scene.http('POST', '/v1/claims', { id: scene.newId(), space: 'd2', person: { badge: 'badge of ben' }, ...accepted })
    },
    http('POST', '/v1/people/identify', { badge: 'badge of ben', site: 'hq' }),
    ...late()
  ],
  'read-own-claims': [http('GET', '/v1/claims?person=ada', undefined, { own: true }), http('GET', '/v1/claims', undefined, { own: true }), http('GET', '/v1/people/ada', undefined, { own: true })],
  'read-claims': [
    http('GET', '/v1/claims?person=ben', undefined, { anySite: true }), http('GET', '/v1/claims?floor=f1'), http('GET', '/v1/claims?space=d2'),
    http('GET', '/v1/claims/{given}', undefined, { given: async scene => await scene.claimOf('ben'), refusal: 'CLAIM_UNKNOWN' })
  ],
  block: [http('PUT', '/v1/spaces/d1/block', { until: SOON }), http('DELETE', '/v1/spaces/d1/block')],
  'send-readings': [http('POST', '/v1/readings', { readings: [{ space: 'd1', value: 'occupied' }] }, { anySite: true })],
  'write-self': [http('PUT', '/v1/me', { visibility: 'hidden' }, { own: true })],
  'find-people': [http('GET', '/v1/people?search=zoe')],
  'read-people': [http('GET', '/v1/people'), http('GET', '/v1/people/ben'), http('GET', '/v1/groups')],
  'write-people': [
    http('PUT', '/v1/people', { people: [{ id: 'new', name: 'New' }] }), http('PUT', '/v1/people/zoe', { name: 'Other' }), http('PUT', '/v1/people/ada', { name: 'Queen Ada' }),
    http('PUT', '/v1/groups', { groups: [{ id: 'board', name: 'Board' }] }), http('DELETE', '/v1/people/zoe'),
    http('GET', '/v1/people/new/export'), http('POST', '/v1/people/new/erase')
  ],
  'write-floors': [http('PUT', '/v1/floors/f2', rowOfDesks(['e1'])), http('PUT', '/v1/floors/f1', rowOfDesks(['d1', 'd2', 'd3', 'd4']))],
  'write-sites': [http('PUT', '/v1/sites/annex', { name: 'Annex', zone: 'UTC' }, { elsewhere: true }), http('PUT', '/v1/sites/hq', { name: 'Other', zone: 'UTC' })],
  'read-org': [http('GET', '/v1/org')],
  'write-org': [http('PUT', '/v1/org', { name: 'Other', policy: { releaseGraceMs: null } }), http('POST', '/v1/retention')],
  'read-audit': [http('GET', '/v1/audit')],
  'read-keys': [http('GET', '/v1/keys')],
  'write-keys': [
    http('POST', '/v1/keys', key),
    http('DELETE', '/v1/keys/{given}', undefined, {
      async given ({ server }) {
        const name = `key-${server.building.newId()}`
        await server.keys.addKey({ id: name, org: ORG, name, role: 'viewer', site: 'hq', hash: '', createdAt: server.building.clock.now(), expiresAt: null, lastUsedAt: null }, noteThat('key-made', name))
        return name
      }
    })
  ],
  'read-devices': [http('GET', '/v1/devices')],
  'write-devices': [
    http('POST', '/v1/devices', device),
    http('PATCH', '/v1/devices/{given}', { name: 'Lobby' }, { given: async scene => await scene.deviceOf('hq') }),
    http('DELETE', '/v1/devices/{given}', undefined, { given: async scene => await scene.deviceOf('hq') }),
    http('POST', '/v1/pairings/{given}/approve', device, { given: async scene => await scene.shownCode() }),
    http('POST', '/v1/pairings/{given}/refuse', undefined, { given: async scene => await scene.shownCode(), anySite: true })
  ]
}
