import { decodeRecord } from '../../src/application/codec.ts'
import type { Commit, Committed, Store } from '../../src/application/ports.ts'
import type { Audience } from '../../src/domain/audience.ts'
import { noCounts, tally, type FloorCounts } from '../../src/domain/counts.ts'
import { floorKey, nameOf, spaceKey, typeOf } from '../../src/domain/keys.ts'
import type { FloorRecord, SpaceRecord } from '../../src/domain/space.ts'
import { viewOf } from '../../src/protocol/view.ts'
import { FLOORS, ORG } from './setting.ts'

/** What a floor was at one position: its records as the store had them. */
export interface FloorAt {
  epoch: number
  seq: number
  /** When it came to be, in the run's time. */
  since: number
  plan: FloorRecord
  spaces: ReadonlyMap<string, string>
}

/** Every position that each floor has had, whatever became of the commits later: who holds one must hold exactly that (INV-6). */
export class Positions {
  readonly #latest = new Map<string, FloorAt>()
  readonly #all = new Map<string, FloorAt>()
  readonly #views = new Map<string, string>()
  readonly #records = new Map<string, SpaceRecord>()

  committed ({ epoch, floors, writes }: Commit, { seqs }: Extract<Committed, { state: 'ok' }>, now: number): void {
    for (const floor of floors) {
      const before = this.#latest.get(floor)
      const spaces = new Map(before?.spaces)
      let plan = before?.plan
      for (const write of writes) {
        if (write.floor !== floor || !('body' in write) || write.body === null) continue
        const { key, body } = write
        if (typeOf(key) === 'space') spaces.set(nameOf(key), body)
        else if (typeOf(key) === 'floor') plan = decodeRecord(key, body) as FloorRecord
      }
      this.#put(floor, { epoch, seq: seqs.get(floor) ?? 0, since: now, plan: plan ?? NO_PLAN, spaces })
    }
  }

  /** A new epoch begins with what the store has then, which may be less than there was. */
  async begin (memory: Store, now: number): Promise<void> {
    for (const floor of Object.keys(FLOORS)) {
      const { epoch, seqs, records } = await memory.read(ORG, [floorKey(floor)], [floor])
      const body = records.get(floorKey(floor))?.body ?? null
      const plan = body === null ? NO_PLAN : decodeRecord(floorKey(floor), body) as FloorRecord
      const found = (await memory.read(ORG, plan.spaces.map(spaceKey))).records
      const spaces = new Map(Array.from(found).flatMap(([key, { body }]) => body === null ? [] : [[nameOf(key), body] as const]))
      this.#put(floor, { epoch, seq: seqs.get(floor) ?? 0, since: now, plan, spaces })
    }
  }

  latest (floor: string): FloorAt | undefined {
    return this.#latest.get(floor)
  }

  at (floor: string, { epoch, seq }: { epoch: number, seq: number }): FloorAt | undefined {
    return this.#all.get(`${floor} ${epoch} ${seq}`)
  }

  /** As JSON, by space, what that audience may see. */
  views ({ spaces }: FloorAt, audience: Audience): Map<string, string> {
    const views = new Map<string, string>()
    if (audience === 'counts') return views
    for (const [id, body] of spaces) {
      const key = `${audience} ${id} ${body}`
      let text = this.#views.get(key)
      if (text === undefined) {
        const record = this.#space(id, body)
        text = record.removed ? '' : JSON.stringify(viewOf(id, record, audience))
        this.#views.set(key, text)
      }
      if (text !== '') views.set(id, text)
    }
    return views
  }

  counts ({ spaces }: FloorAt): string {
    const counts: FloorCounts = { ...noCounts(), zones: {} }
    for (const [id, body] of spaces) tally(counts, this.#space(id, body), 1)
    return JSON.stringify(counts)
  }

  /** Decoded once: most positions have most records of the one before. */
  #space (id: string, body: string): SpaceRecord {
    const name = `${id} ${body}`
    const known = this.#records.get(name) ?? decodeRecord(spaceKey(id), body) as SpaceRecord
    this.#records.set(name, known)
    return known
  }

  #put (floor: string, at: FloorAt): void {
    this.#latest.set(floor, at)
    this.#all.set(`${floor} ${at.epoch} ${at.seq}`, at)
  }
}

const NO_PLAN: FloorRecord = { site: '', plan: 0, policy: 0, name: '', spaces: [], smallZone: 1, displayNames: false }
