import type { FloorView } from '../../protocol/plan.ts'
import type { Api } from '../live/api.ts'

/** A space as somebody who looks for it has to hear of it. */
export interface Spot {
  space: string
  label: string
  /** The name of its zone; null: it is in none. */
  zone: string | null
  floor: { id: string, level: number, name: string }
}

export function spotIn ({ id, level, name, spaces, zones }: FloorView, space: string): Spot | null {
  const found = spaces.find(other => other.id === space)
  if (found === undefined) return null
  return { space, label: found.label, zone: zones.find(zone => zone.id === found.zone)?.name ?? null, floor: { id, level, name } }
}

/** Spots on whichever floor. Plans of other floors are asked for once in the life of the page: what one needs of them is a label. */
export class Spots {
  readonly #api: Api
  readonly #floors = new Map<string, Promise<FloorView>>()

  constructor (api: Api) {
    this.#api = api
  }

  /** Of a floor that cannot be asked for, its ids have to do. */
  async find (floor: string, space: string, here: FloorView | null): Promise<Spot> {
    const view = here?.id === floor ? here : await this.#floor(floor).catch(() => null)
    return (view === null ? null : spotIn(view, space)) ?? { space, label: space, zone: null, floor: { id: floor, level: 0, name: floor } }
  }

  async #floor (id: string): Promise<FloorView> {
    const known = this.#floors.get(id)
    if (known !== undefined) return await known
    const asked = this.#api.ask<FloorView>('GET', `/v1/floors/${encodeURIComponent(id)}`)
    this.#floors.set(id, asked)
    asked.catch(() => this.#floors.delete(id))
    return await asked
  }
}
