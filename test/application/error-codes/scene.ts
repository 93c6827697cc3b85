import type { ClaimAnswer } from '../../../src/application/commands.ts'
import type { Freeze } from '../../../src/application/ports.ts'
import type { Principal, Role } from '../../../src/application/principal.ts'
import { PerchError, type ErrorCode } from '../../../src/domain/errors.ts'
import { shardOf } from '../../../src/domain/ids.ts'
import type { Key } from '../../../src/domain/keys.ts'
import { MINUTE, type Millis } from '../../../src/domain/time.ts'
import type { FloorBody } from '../../../src/protocol/plan.ts'
import type { ClaimRequest } from '../../../src/protocol/requests.ts'
import { toMoment } from '../../../src/protocol/time.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { FaultyStore } from '../../harness/faulty-store.ts'
import { ADMIN, openBuilding, ORG, rowOfDesks, withSite, type Building } from '../../stand-ins/building.ts'
import { openServer } from '../../transports/http/open-server.ts'

const SHARD = shardOf(ORG)

/** An office of which anything can be asked, over a store that fails as it is told. It is nine o'clock in Berlin. */
export class Scene {
  readonly building: Building
  readonly faulty: FaultyStore
  readonly #t: Cleanup
  /** Null: the shard lives. */
  #frozen: Freeze | null = null

  private constructor (t: Cleanup, building: Building, faulty: FaultyStore) {
    this.#t = t
    this.building = building
    this.faulty = faulty
  }

  /** hq: f1 with desks d1 d2, v1 for the chiefs, s1 of which a sensor tells, and the room r1. annex: x1 with a1, closed all week. Anna, Ben and Cleo work there. */
  static async open (t: Cleanup): Promise<Scene> {
    const base = await withSite(await openBuilding(t))
    const { admin } = base
    await admin.putPeople(ADMIN, { people: ['anna', 'ben', 'cleo'].map(id => ({ id, name: id, badges: [`badge of ${id}`] })) })
    await admin.putSite(ADMIN, 'annex', { name: 'Annex', zone: 'Europe/Berlin', hours: {} })
    await admin.putFloor(ADMIN, 'f1', plan('f1'), { release: false })
    await admin.putFloor(ADMIN, 'x1', plan('x1'), { release: false })
    const faulty = new FaultyStore(base.store)
    return new Scene(t, await openBuilding(t, { ...base, store: faulty.store }), faulty)
  }

  /** Of a claim that nobody names an id for, one of this building's time. */
  async claim (request: Partial<ClaimRequest>, principal = ADMIN): Promise<ClaimAnswer> {
    return await this.building.commands.claim(principal, { id: this.building.newId(), space: 'd1', await: 'accepted', ...request })
  }

  /** Its id. */
  async claimed (request: Partial<ClaimRequest>): Promise<string> {
    return (await this.claim(request)).claim.id
  }

  /** So many minutes from now, as it is written on the wire. */
  in (minutes: number): string {
    return toMoment(this.now + minutes * MINUTE)
  }

  get now (): Millis {
    return this.building.clock.now()
  }

  /** Over HTTP, refused like everywhere else. */
  async http (method: 'GET' | 'POST', url: string, body?: unknown, as: string | null = 'admin'): Promise<void> {
    const { commands, admin, records } = this.building
    const { ask } = await openServer(this.#t, { edge: { commands, directory: admin, records } })
    const answer = await ask(method, url, body, as)
    if (answer.status >= 400) throw new PerchError(answer.body['code'] as ErrorCode, answer.body)
  }

  /** All that commands, plans and people change: every commit so far, and the directory. */
  async state (): Promise<unknown> {
    const { store, directory } = this.building
    const floors = await directory.floors(ORG)
    return {
      commits: this.#frozen === null ? await store.outbox(SHARD, 1, 0, 100_000) : await store.drain(this.#frozen, 1, 0, 100_000),
      org: await directory.org(ORG),
      sites: await directory.sites(ORG),
      floors: await Promise.all(floors.map(async ({ id }) => await directory.floor(ORG, id))),
      people: await directory.people(ORG, { after: null, limit: 1_000 }),
      groups: await directory.groups(ORG)
    }
  }

  /** Another hand changes a record's text. */
  async rewrite (key: Key, change: (body: string) => string): Promise<void> {
    const { store } = this.building
    const { epoch, records } = await store.read(ORG, [key])
    const body = change(records.get(key)?.body ?? '')
    await store.commit({ org: ORG, epoch, at: this.now, checks: [], writes: [{ key, floor: null, body }], due: [], floors: [], entry: null, messages: [], reserve: true })
  }

  /** The outbox has no room but for releases and deadlines. */
  async fillOutbox (): Promise<void> {
    for (let i = await this.building.store.outboxLength(SHARD, 1); i < 9_000; i++) {
      await this.building.store.commit({ org: ORG, epoch: 1, at: this.now, checks: [], writes: [], due: [], floors: [], entry: '{}', messages: [], reserve: true })
    }
  }

  async freeze (): Promise<void> {
    const frozen = await this.building.store.freeze(SHARD, 2, 'keeper')
    if (frozen.frozen) this.#frozen = frozen.freeze
  }
}

export function somebody (role: Role, person: string | null = null, site: string | null = null): Principal {
  return { org: ORG, id: person === null ? `key:${role}` : `person:${person}`, role, person, site, expiresAt: null }
}

/** The floor's plan; without some of its spaces. */
export function plan (floor: 'f1' | 'x1', without: readonly string[] = []): FloorBody {
  const ids = (floor === 'f1' ? ['d1', 'd2', 'v1', 's1', 'r1'] : ['a1']).filter(id => !without.includes(id))
  const body = rowOfDesks(ids)
  return {
    ...body,
    site: floor === 'f1' ? 'hq' : 'annex',
    spaces: body.spaces.map(space => ({
      ...space, kind: space.id === 'r1' ? 'room' : 'desk', sensorOnly: space.id === 's1', for: space.id === 'v1' ? { groups: ['chiefs'] } : null
    }))
  }
}
