import assert from 'node:assert/strict'
import type { Audience } from '../../src/domain/audience.ts'
import type { SpaceRecord } from '../../src/domain/space.ts'
import type { HandClock } from '../stand-ins/clock.ts'
import { desk, heldBy, openFloors, type Floors, type SavedFloors, type WholeFloor } from './floors.ts'

export const FLOOR = 'hq-1'
/** Whose names nobody may see: their claims carry no name, from the start or from some moment on. */
export const HIDDEN = 'mallory'

const DESKS = 12
const id = (n: number): string => `${FLOOR}-d${n}`

type Step = (story: FloorStory) => Promise<void>

/** A floor to which everything happens that can, step by step, and what one audience had to have at every position on the way. */
export class FloorStory {
  readonly floors: Floors
  readonly #audience: Audience
  readonly #history = new Map<string, WholeFloor>()
  #saved: SavedFloors | null = null
  #thaw: (() => Promise<void>) | null = null

  constructor (floors: Floors, audience: Audience) {
    this.floors = floors
    this.#audience = audience
  }

  async write (...spaces: ReadonlyArray<readonly [number, Partial<SpaceRecord>]>): Promise<void> {
    await this.floors.write(FLOOR, spaces.map(([n, more]) => [id(n), desk(FLOOR, { zone: n < 4 ? 'east' : null, ...more })]))
    await this.#note()
  }

  async claim (n: number, person: string): Promise<void> {
    await this.write([n, { current: holding(n, person) }])
  }

  async plan (desks: number, ...spaces: ReadonlyArray<readonly [number, Partial<SpaceRecord>]>): Promise<void> {
    await this.floors.plan(FLOOR, Array.from({ length: desks }, (_, n) => id(n)), spaces.map(([n, more]) => [id(n), desk(FLOOR, more)]))
    await this.#note()
  }

  async freeze (): Promise<void> {
    this.#thaw = await this.floors.freeze()
  }

  async thaw (): Promise<void> {
    await this.#thaw?.()
    await this.#note()
  }

  async save (): Promise<void> {
    this.#saved = await this.floors.save()
  }

  /** Everything since `save` is lost. */
  async rollBack (): Promise<void> {
    assert.ok(this.#saved !== null)
    await this.floors.rollBack(this.#saved)
    await this.#note()
  }

  /** A client at some position has exactly what the store had there (INV-6). Without the floor it has nothing that could be wrong. */
  assertTrue (client: Holder): void {
    const has = client.floors.get(FLOOR)
    if (has === undefined) return
    const had = this.#history.get(placeOf(has))
    assert.ok(had !== undefined, `there was a position ${placeOf(has)}`)
    assert.deepEqual(plain(has), plain(had))
  }

  /** It has what the store has now, freshly read. */
  async assertCurrent (client: Holder): Promise<void> {
    const has = client.floors.get(FLOOR)
    assert.ok(has !== undefined, 'the client has the floor')
    assert.deepEqual(plain(has), plain(await this.floors.whole(FLOOR, this.#audience)))
  }

  async #note (): Promise<void> {
    const whole = await this.floors.whole(FLOOR, this.#audience)
    this.#history.set(placeOf(whole), whole)
  }
}

/** The floor before its story begins. */
export async function openStory (clock: HandClock, audience: Audience): Promise<FloorStory> {
  const story = new FloorStory(await openFloors(clock), audience)
  await story.floors.place(FLOOR, DESKS)
  await story.write()
  return story
}

/**
 * Claims and releases, a move in one commit, blocks, people who hide and show themselves, spaces that go and come back, two plans, bursts, a recovery that keeps
 * the store and one that loses commits: every seq after it is given out a second time.
 */
export const STORY: readonly Step[] = [
  async story => await story.claim(0, 'ada'),
  async story => await story.claim(1, HIDDEN),
  async story => {
    await story.claim(2, 'bob')
    await story.claim(3, 'cem')
    await story.write([0, {}])
  },
  async story => await story.write([2, {}], [4, { current: holding(4, 'bob') }]),
  async story => await story.write([5, { block: { since: 0, until: null, reason: 'wet', by: 'person:max' } }]),
  async story => await story.plan(DESKS, [6, { removed: true }]),
  async story => await story.write([7, { next: holding(7, 'dov'), brief: true }]),
  async story => await story.write([3, { removed: true }]),
  async story => { for (let i = 0; i < 5; i++) await story.write([8, i % 2 === 0 ? { current: holding(8, 'eve') } : {}]) },
  async story => await story.plan(DESKS + 2, [6, { zone: 'west' }], [12, { zone: 'west' }], [13, { kind: 'room' }]),
  async story => await story.write([4, { current: { ...holding(4, 'bob'), name: 'Robert' } }]),
  async story => await story.freeze(),
  async story => await story.thaw(),
  async story => await story.claim(9, 'fay'),
  async story => await story.write([9, { current: holding(9, HIDDEN) }]),
  async story => await story.save(),
  async story => {
    await story.claim(10, 'gus')
    await story.claim(11, 'hal')
  },
  async story => await story.write([12, { removed: true }]),
  async story => await story.claim(0, 'ivo'),
  async story => await story.rollBack(),
  async story => await story.claim(11, 'jan'),
  async story => {
    await story.write([10, { reading: { value: 'occupied', at: 0, since: 0, staleAt: null, marks: true } }])
    await story.write([5, {}])
  },
  async story => await story.write([3, { current: holding(3, 'kay') }], [13, { removed: true }]),
  async story => { for (let n = 0; n < 4; n++) await story.write([n, n % 2 === 0 ? {} : { current: holding(n, HIDDEN) }]) },
  async story => await story.write(),
  async story => await story.claim(12, 'lea')
]

function holding (n: number, person: string) {
  return heldBy(person, id(n), FLOOR, person === HIDDEN ? null : `Name of ${person}`)
}

function placeOf ({ epoch, seq }: { epoch: number, seq: number }): string {
  return `${epoch}-${seq}`
}

/** Whoever has floors: a client. */
interface Holder {
  floors: ReadonlyMap<string, Held>
}

interface Held {
  epoch: number
  seq: number
  plan: number
  views: ReadonlyMap<string, unknown>
  counts: unknown
}

/** As it compares, whatever the order of the spaces. */
function plain ({ views, ...rest }: Held): unknown {
  return JSON.parse(JSON.stringify({ ...rest, views: Object.fromEntries([...views].sort(([a], [b]) => a < b ? -1 : 1)) }))
}
