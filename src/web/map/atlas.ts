import { signal } from '@preact/signals'
import type { Api } from '../live/api.ts'
import { planOf, type FloorPlanned } from '../live/plans.ts'

/** Plans that were looked at, and what spaces are called on them. */
export class Atlas {
  readonly #api: Api
  readonly #plans = new Map<string, Promise<FloorPlanned>>()
  readonly #labels = new Map<string, string>()
  /** Grows with what is known: for who shows names. */
  readonly #version = signal(0)

  constructor (api: Api) {
    this.#api = api
  }

  /** `revision`: at least that one is wanted; null: any will do. @throws PerchError */
  async plan (floor: string, revision: number | null = null): Promise<FloorPlanned> {
    const known = await this.#plans.get(floor)?.catch(() => undefined)
    if (known !== undefined && (revision === null || known.floor.revision >= revision)) return known
    const asked = planOf(this.#api, floor)
    this.#plans.set(floor, asked)
    const planned = await asked
    for (const { id, label } of planned.floor.spaces) this.#labels.set(id, label)
    this.#version.value++
    return planned
  }

  /** The server said so. */
  called (space: string, label: string): void {
    this.#labels.set(space, label)
  }

  /** Its id until more is known. Read in a component, it renders anew when it is. */
  label (space: string): string {
    return this.#version.value >= 0 ? this.#labels.get(space) ?? space : space
  }
}
