import { memoryStore } from '../../src/adapters/memory/store.ts'
import { encodeRecord, decodeRecord } from '../../src/application/codec.ts'
import { encodeFloorNews, encodePeopleNews } from '../../src/application/news.ts'
import type { Commit, Snapshot, Store } from '../../src/application/ports.ts'
import { shardOf } from '../../src/domain/ids.ts'
import { floorKey, spaceKey } from '../../src/domain/keys.ts'
import type { FloorRecord, Holding, SpaceRecord } from '../../src/domain/space.ts'
import type { Audience } from '../../src/domain/audience.ts'
import { viewOf, type View } from '../../src/protocol/view.ts'
import { noCounts, tally, type FloorCounts } from '../../src/domain/counts.ts'
import type { HandClock } from '../stand-ins/clock.ts'

export const ORG = 'acme'
export const SHARD = shardOf(ORG)

/** A free desk. */
export function desk (floor: string, more: Partial<SpaceRecord> = {}): SpaceRecord {
  return {
    site: 'hq',
    floor,
    zone: null,
    kind: 'desk',
    sensorOnly: false,
    removed: false,
    block: null,
    reading: null,
    current: null,
    next: null,
    brief: false,
    since: Date.UTC(2026, 2, 2, 8),
    timeZone: 'UTC',
    day: '2026-03-02',
    days: [],
    due: null,
    ...more
  }
}

/** Somebody's claim that has begun. `name` null: hidden. */
export function heldBy (person: string, space: string, floor: string, name: string | null = `Name of ${person}`): Holding {
  const from = Date.UTC(2026, 2, 2, 8)
  return {
    claim: {
      id: '019cad00-0000-7000-8000-000000000001',
      space,
      floor,
      kind: 'desk',
      person,
      by: `person:${person}`,
      from,
      to: from + 3_600_000,
      createdAt: from,
      sole: true,
      life: { state: 'present', since: from }
    },
    name,
    dates: ['2026-03-02'],
    provisional: false
  }
}

export interface WholeFloor {
  epoch: number
  seq: number
  plan: number
  views: Map<string, View>
  counts: FloorCounts
}

export interface SavedFloors {
  plans: ReadonlyMap<string, FloorRecord>
  snapshot: Snapshot
}

/** Floors in a memory store, written record by record: what the stream shows does not depend on what the rules allow. */
export class Floors {
  readonly store: Store
  readonly #clock: HandClock
  readonly #plans = new Map<string, FloorRecord>()
  epoch = 0

  constructor (clock: HandClock) {
    this.#clock = clock
    this.store = memoryStore({ now: () => clock.now(), outboxLimit: 1_000_000, outboxReserve: 0 })
  }

  /** As a recovery does it; records stay. The shard is frozen until the returned function is called. */
  async freeze (): Promise<() => Promise<void>> {
    const frozen = await this.store.freeze(SHARD, this.epoch + 1, 'keeper')
    if (!frozen.frozen) throw new Error('the shard was frozen by somebody else')
    return async () => {
      await this.store.thaw(frozen.freeze)
      this.epoch = frozen.freeze.epoch
    }
  }

  /** All records as they are now, for `rollBack`. */
  async save (): Promise<SavedFloors> {
    const plans = new Map(this.#plans)
    const keys = [...plans].flatMap(([floor, { spaces }]) => [floorKey(floor), ...spaces.map(spaceKey)])
    return { plans, snapshot: await this.store.read(ORG, keys, [...plans.keys()]) }
  }

  /** A recovery that has lost every commit since then: a later epoch, and earlier seqs. */
  async rollBack ({ plans, snapshot: { records, seqs } }: SavedFloors): Promise<void> {
    const frozen = await this.store.freeze(SHARD, this.epoch + 1, 'keeper')
    if (!frozen.frozen) throw new Error('the shard was frozen by somebody else')
    await this.store.clear(frozen.freeze)
    await this.store.load(frozen.freeze, {
      records: Array.from(records, ([key, stored]) => ({ org: ORG, key, stored })),
      due: [],
      seqs: new Map(Array.from(seqs, ([floor, seq]) => [`${ORG}/${floor}`, seq])),
      n: Math.max(...seqs.values())
    })
    await this.store.thaw(frozen.freeze)
    this.epoch = frozen.freeze.epoch
    for (const [floor, record] of plans) this.#plans.set(floor, record)
  }

  /** A floor with free desks d0, d1 … */
  async place (floor: string, desks: number): Promise<void> {
    const ids = Array.from({ length: desks }, (_, i) => `${floor}-d${i}`)
    await this.plan(floor, ids)
    for (let i = 0; i < ids.length; i += 200) await this.write(floor, ids.slice(i, i + 200).map(id => [id, desk(floor)]))
  }

  /** Another plan, with the records that change with it: from here on every earlier position needs a snapshot. `spaces`: all that are or were on it. */
  async plan (floor: string, spaces: readonly string[], records: ReadonlyArray<readonly [string, SpaceRecord]> = []): Promise<void> {
    const record: FloorRecord = { site: 'hq', plan: (this.#plans.get(floor)?.plan ?? 0) + 1, policy: 1, name: floor, spaces, smallZone: 1, displayNames: false }
    this.#plans.set(floor, record)
    await this.#commit(floor, { floorRecord: record, spaces: records })
  }

  async write (floor: string, spaces: ReadonlyArray<readonly [string, SpaceRecord]>): Promise<void> {
    await this.#commit(floor, { floorRecord: null, spaces })
  }

  /** Tell that these people's claims changed. */
  async tellPeople (people: readonly string[]): Promise<void> {
    await this.store.announce(SHARD, `people/${ORG}`, this.epoch, encodePeopleNews({ people }))
  }

  async #commit (floor: string, { floorRecord, spaces }: { floorRecord: FloorRecord | null, spaces: ReadonlyArray<readonly [string, SpaceRecord]> }): Promise<void> {
    const bodies = spaces.map(([id, record]) => [id, encodeRecord(spaceKey(id), record)] as const)
    const plan = floorRecord === null ? null : encodeRecord(floorKey(floor), floorRecord)
    const commit: Commit = {
      org: ORG,
      epoch: this.epoch,
      at: this.#clock.now(),
      checks: [],
      writes: [...bodies.map(([id, body]) => ({ key: spaceKey(id), body, floor })), ...(plan === null ? [] : [{ key: floorKey(floor), body: plan, floor }])],
      due: [],
      floors: [floor],
      entry: null,
      messages: [{ topic: `floor/${ORG}/${floor}`, floor, body: encodeFloorNews(bodies, plan) }],
      reserve: true
    }
    const { state } = await this.store.commit(commit)
    if (state !== 'ok') throw new Error(`the commit came back ${state}`)
  }

  /** What a watcher must have in the end: from the records themselves. */
  async whole (floor: string, audience: Audience): Promise<WholeFloor> {
    const plan = this.#plans.get(floor)
    if (plan === undefined) throw new Error(`no floor ${floor}`)
    const { epoch, seqs, records } = await this.store.read(ORG, plan.spaces.map(spaceKey), [floor])
    const counts: FloorCounts = { ...noCounts(), zones: {} }
    const views = new Map<string, View>()
    for (const id of plan.spaces) {
      const body = records.get(spaceKey(id))?.body ?? null
      if (body === null) continue
      const record = decodeRecord(spaceKey(id), body) as SpaceRecord
      tally(counts, record, 1)
      if (!record.removed && audience !== 'counts') views.set(id, viewOf(id, record, audience))
    }
    return { epoch, seq: seqs.get(floor) ?? 0, plan: plan.plan, views, counts }
  }
}

/** A store whose shard lives in its first epoch. */
export async function openFloors (clock: HandClock): Promise<Floors> {
  const floors = new Floors(clock)
  await (await floors.freeze())()
  return floors
}
