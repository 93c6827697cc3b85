import assert from 'node:assert/strict'
import type { Authenticator, Role } from '../../../src/application/principal.ts'
import { shardOf, type ClaimId, type SiteId } from '../../../src/domain/ids.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { ADMIN, ORG } from '../../stand-ins/building.ts'
import { byRole } from '../http/open-server.ts'
import { EventClient } from '../live/event-client.ts'
import { openLive, type LiveServer } from '../live/open-live.ts'
import { SocketIoClient } from '../live/socket-io-client.ts'
import { WebSocketClient } from '../live/web-socket-client.ts'

/** `ok`, or the code of the refusal. */
export type Outcome = string

const SHARD = shardOf(ORG)

/** Whoever has one of these roles is ada; all others are nobody's own credentials. */
const PEOPLE: ReadonlySet<Role> = new Set<Role>(['viewer', 'member', 'manager', 'admin'])

/** One role at work over every transport, in an office where ada and ben may each have a desk. */
export class Scene {
  readonly server: LiveServer
  readonly isPerson: boolean
  /** Of another site than the one that everything is at. */
  readonly elsewhere: boolean
  readonly #t: Cleanup
  readonly #token: string
  readonly #clients: { websocket: WebSocketClient, socketio: SocketIoClient }
  #frames = 0

  private constructor (t: Cleanup, server: LiveServer, role: Role, who: string, elsewhere: boolean) {
    this.#t = t
    this.elsewhere = elsewhere
    this.server = server
    this.isPerson = PEOPLE.has(role)
    this.#token = who
    this.#clients = { websocket: new WebSocketClient(t, server.port, this.#token), socketio: new SocketIoClient(t, server.port, { token: this.#token }) }
  }

  /** `site`: of which alone they are; a manager is of hq. */
  static async open (t: Cleanup, role: Role, site: SiteId | null = null): Promise<Scene> {
    const authenticator: Authenticator = { authenticate: async token => ({ ...await byRole.authenticate(token, ''), ...(site !== null && { site }) }) }
    const server = await openLive(t, { authenticator })
    const { admin } = server.building
    await admin.putPeople(ADMIN, { people: [{ id: 'zoe', name: 'Zoe' }] })
    await admin.putGroups(ADMIN, [{ id: 'sales', name: 'Sales' }])
    const scene = new Scene(t, server, role, PEOPLE.has(role) ? `${role}:ada` : role, site !== null && site !== 'hq')
    await server.until('both to be welcomed', () => Object.values(scene.#clients).every(client => client.of('welcome').length === 1))
    return scene
  }

  /** A desk of theirs from now on, made by somebody who may. */
  async claimOf (person: 'ada' | 'ben'): Promise<ClaimId> {
    const { building } = this.server
    return (await building.commands.claim(ADMIN, { id: building.newId(), space: person === 'ada' ? 'd1' : 'd2', person, await: 'accepted' })).claim.id
  }

  /** A device that was paired, by somebody who may. */
  async deviceOf (site: string): Promise<string> {
    const { pairing } = this.server.devices
    const { code } = await pairing.prepare(ADMIN, { name: 'Door', role: 'display', site })
    return (await pairing.redeem('127.0.0.1', code)).device.id
  }

  /** What a device shows. */
  async shownCode (): Promise<string> {
    return (await this.server.devices.pairing.begin('127.0.0.1')).code
  }

  newId (): ClaimId {
    return this.server.building.newId()
  }

  async http (method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<Outcome> {
    const response = await this.server.app.inject({ method, url, headers: { authorization: `Bearer ${this.#token}`, host: '127.0.0.1' }, ...(body !== undefined && { payload: body as object }) })
    if (response.statusCode < 300) return 'ok'
    assert.ok(response.statusCode !== 500, response.body)
    return String((response.json() as { code: unknown }).code)
  }

  async frame (transport: 'websocket' | 'socketio', frame: Record<string, unknown>): Promise<Outcome> {
    const reply = await this.server.ask(this.#clients[transport], { ...frame, id: String(++this.#frames) })
    return reply['ok'] === true ? 'ok' : String((reply['error'] as { code: unknown }).code)
  }

  async events (): Promise<Outcome> {
    const client = new EventClient(this.#t, this.server.port, { token: this.#token })
    await this.server.until('an answer', () => client.of('snapshot').length > 0 || client.gone)
    client.request.destroy()
    return client.status === 200 ? 'ok' : String((JSON.parse(client.body) as { code: unknown }).code)
  }

  /** All that anybody can have written: every commit so far, and the directory with its keys and devices. */
  async state (): Promise<unknown> {
    const { store, directory, clock } = this.server.building
    const floors = await directory.floors(ORG)
    return {
      commits: await store.outbox(SHARD, 1, 0, 100_000),
      org: await directory.org(ORG),
      sites: await directory.sites(ORG),
      floors: await Promise.all(floors.map(async ({ id }) => await directory.floor(ORG, id))),
      people: await directory.people(ORG, { after: null, limit: 1_000 }),
      groups: await directory.groups(ORG),
      keys: await this.server.keys.keys(ORG, clock.now()),
      devices: await this.server.devices.admin.devices(ADMIN)
    }
  }

  /** Nobody has anything any more, for whoever tries next. */
  async tidyUp (): Promise<void> {
    const { commands } = this.server.building
    for (const { id, life } of await commands.claims(ADMIN, { floor: 'f1' })) if (life.state !== 'ended') await commands.release(ADMIN, id, 'accepted')
    for (const space of ['d1', 'd2', 'd3']) await commands.unblock(ADMIN, space)
  }
}
