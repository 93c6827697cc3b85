import { signal, type ReadonlySignal } from '@preact/signals'
import { stored } from '../live/stored.ts'

interface Day {
  day: string
  count: number
}

const kept = stored(() => localStorage, 'perch.kiosk.unmet')

/** How many notes of today came to nothing after those who left them had gone. A number and no more: whose they were is nobody's business here. */
export class Unmet {
  readonly #count = signal(0)
  #day: Day | null = JSON.parse(kept.get() ?? 'null') as Day | null

  constructor () {
    this.#count.value = this.#day?.count ?? 0
  }

  get count (): ReadonlySignal<number> {
    return this.#count
  }

  /** `zone`: the site's. */
  add (zone: string): void {
    const today = dayOf(zone)
    this.#become({ day: today, count: (this.#day?.day === today ? this.#day.count : 0) + 1 })
  }

  /** Yesterday's are over. */
  pass (zone: string): void {
    if (this.#day !== null && this.#day.day !== dayOf(zone)) this.#become(null)
  }

  #become (day: Day | null): void {
    this.#day = day
    kept.set(day === null ? null : JSON.stringify(day))
    this.#count.value = day?.count ?? 0
  }
}

function dayOf (zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date())
}
