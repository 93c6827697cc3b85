import { batch, signal, type ReadonlySignal } from '@preact/signals'
import type { FloorSummaryView } from '../../protocol/plan.ts'
import type { SiteView } from '../../protocol/site.ts'
import type { DeviceLine } from '../live/device-line.ts'
import { insist, pause } from '../live/insist.ts'
import { keepAnswer, keptAnswer } from '../live/kept-answers.ts'
import { sitesOf } from '../live/plans.ts'
import { LiveFloor } from './live-floor.ts'

/** Floors come and go a few times a year, and hours change: nobody tells a display. */
const LOOK_AGAIN_MS = 5 * 60_000

interface Directory {
  sites: readonly SiteView[]
  floors: readonly FloorSummaryView[]
}

/** Where it is kept: both answers together. */
const DIRECTORY = '/v1/sites'

/** The site that a display stands in, and its floors from the top down. Looks by itself for what has changed. */
export class SiteFloors {
  readonly #line: DeviceLine
  readonly #id: string
  readonly #end = new AbortController()
  readonly #site = signal<SiteView | null>(null)
  readonly #floors = signal<readonly LiveFloor[] | null>(null)
  #wake: () => void = () => {}

  constructor (line: DeviceLine, id: string) {
    this.#line = line
    this.#id = id
    const ends = [line.perch.on('connection', ({ state }) => { if (state === 'live') this.lookAgain() })]
    this.#end.signal.addEventListener('abort', () => { for (const end of ends) end() })
    this.#keepLooking().catch(() => {})
  }

  /** Null: not known yet. */
  get site (): ReadonlySignal<SiteView | null> {
    return this.#site
  }

  get floors (): ReadonlySignal<readonly LiveFloor[] | null> {
    return this.#floors
  }

  /** Something says that the list is not what it was. */
  lookAgain (): void {
    this.#wake()
  }

  close (): void {
    this.#end.abort()
    for (const floor of this.#floors.peek() ?? []) floor.close()
  }

  async #keepLooking (): Promise<void> {
    const { signal: ended } = this.#end
    const kept = await keptAnswer<Directory>(DIRECTORY)
    if (kept !== null && !ended.aborted) this.#take(kept)
    while (!ended.aborted) {
      const woken = new AbortController()
      this.#wake = () => woken.abort()
      const { api } = this.#line
      const now = AbortSignal.any([ended, woken.signal])
      // Refused for good: the connection tells why, and what was known stays.
      await insist(async () => {
        const [sites, { floors }] = await Promise.all([sitesOf(api), api.ask<{ floors: FloorSummaryView[] }>('GET', '/v1/floors')])
        if (ended.aborted) return
        this.#take({ sites, floors })
        await keepAnswer(DIRECTORY, { sites, floors })
      }, now).catch(() => {})
      await pause(LOOK_AGAIN_MS * (0.75 + Math.random() / 2), now).catch(() => {})
    }
  }

  #take ({ sites, floors: listed }: Directory): void {
    const before = this.#floors.peek() ?? []
    const floors = listed.filter(({ site }) => site === this.#id).sort((a, b) => b.level - a.level || a.name.localeCompare(b.name))
    const after = floors.map(floor => before.find(known => known.isAs(floor)) ?? new LiveFloor(this.#line, floor))
    const site = sites.find(({ id }) => id === this.#id) ?? null
    batch(() => {
      if (JSON.stringify(site) !== JSON.stringify(this.#site.peek())) this.#site.value = site
      if (after.length !== before.length || after.some((floor, i) => floor !== before[i])) this.#floors.value = after
      else this.#floors.value ??= after
    })
    for (const floor of before) if (!after.includes(floor)) floor.close()
  }
}
