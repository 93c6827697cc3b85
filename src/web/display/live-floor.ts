import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { PerchErrorCode } from '../../client/index.ts'
import type { FloorSummaryView, FloorView } from '../../protocol/plan.ts'
import type { DeviceLine } from '../live/device-line.ts'
import { floorState, type FloorState } from '../live/floor-state.ts'
import { insist } from '../live/insist.ts'
import { keepAnswer, keptAnswer } from '../live/kept-answers.ts'
import { planned, planOf, planPath, type FloorPlanned } from '../live/plans.ts'
import { occupancyOf, type Occupancy } from './occupancy.ts'

/** Why a floor is not shown as it is. */
export type FloorTrouble =
  | { what: 'none' }
  | { what: 'loading' }
  /** Nothing was heard of it since the screen was switched on. */
  | { what: 'unreachable' }
  /** What stands where is not known, and so neither how many of what are free. */
  | { what: 'no-plan' }
  | { what: 'gone' }
  | { what: 'refused', code: PerchErrorCode }

/** A floor of the site with its plan and its numbers, kept up with. */
export class LiveFloor {
  readonly id: string
  readonly level: number
  readonly state: FloorState
  readonly #planned = signal<FloorPlanned | null>(null)
  /** Whether the plan is being waited for in vain. */
  readonly #planFails = signal(false)
  readonly #end = new AbortController()
  readonly #listed: FloorSummaryView
  readonly occupancy: ReadonlySignal<Occupancy | null>
  readonly trouble: ReadonlySignal<FloorTrouble>
  readonly name: ReadonlySignal<string>

  constructor ({ perch, api }: DeviceLine, listed: FloorSummaryView) {
    this.id = listed.id
    this.level = listed.level
    this.#listed = listed
    this.state = floorState(perch.watch(listed.id))
    this.occupancy = computed(() => this.#count())
    this.trouble = computed(() => this.#judge())
    this.name = computed(() => this.#planned.value?.floor.name ?? listed.name)
    this.#remember().catch(() => {})
    let loading = new AbortController()
    const endPlans = effect(() => {
      const revision = this.state.plan.value
      const planned = this.#planned.peek()
      if (planned !== null && (revision === null || planned.floor.revision === revision)) return
      loading.abort()
      loading = new AbortController()
      const signals = AbortSignal.any([loading.signal, this.#end.signal])
      insist(async () => await planOf(api, listed.id), signals, () => { this.#planFails.value = true }).then(
        now => {
          this.#planFails.value = false
          this.#planned.value = now
          keepAnswer(planPath(listed.id), now.floor).catch(() => {})
        },
        () => { if (!signals.aborted) this.#planFails.value = true }
      )
    })
    this.#end.signal.addEventListener('abort', endPlans)
  }

  get planned (): ReadonlySignal<FloorPlanned | null> {
    return this.#planned
  }

  /** Whether it is still what the site's list says: name and level may have changed. */
  isAs ({ id, level, name }: FloorSummaryView): boolean {
    return id === this.id && level === this.level && (name === this.#listed.name || name === this.name.peek())
  }

  close (): void {
    this.#end.abort()
    this.state.floor.close()
  }

  /** As it was when it was last seen, until the server says how it is. */
  async #remember (): Promise<void> {
    const kept = await keptAnswer<FloorView>(planPath(this.id))
    if (kept !== null && !this.#end.signal.aborted) this.#planned.value ??= planned(kept)
  }

  #count (): Occupancy | null {
    const { floor, version } = this.state
    // Read: it is counted anew with every change.
    if (version.value < 0 || this.state.plan.value === null) return null
    const planned = this.#planned.value
    return planned === null ? null : occupancyOf(planned.floor, id => floor.space(id))
  }

  #judge (): FloorTrouble {
    const freshness = this.state.freshness.value
    if (freshness.state === 'refused') return freshness.error.code === 'FLOOR_UNKNOWN' ? { what: 'gone' } : { what: 'refused', code: freshness.error.code }
    if (this.state.plan.value === null && freshness.state === 'stale') return { what: 'unreachable' }
    const planned = this.#planned.value
    if (this.#planFails.value && planned?.floor.revision !== this.state.plan.value) return { what: 'no-plan' }
    if (planned === null) return { what: 'loading' }
    return { what: 'none' }
  }
}
