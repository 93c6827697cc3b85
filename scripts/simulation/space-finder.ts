import type { Random } from '../../src/cli/seed/random.ts'
import { TEAMS } from '../../src/cli/seed/teams.ts'
import type { SpaceKind } from '../../src/domain/space.ts'
import type { View } from '../../src/protocol/view.ts'
import { mayHave, type KnownSpace, type Worker } from './directory.ts'

/** Share of the choices made without a look at the map, and of those without a look at the sign on the zone. */
const CARELESS = 0.12

/** How people find a space: on their team's floor, else elsewhere in the house, free by the map. */
export class SpaceFinder {
  readonly #spaces = new Map<string, KnownSpace[]>()
  readonly #sites: readonly string[]
  readonly #viewOf: (floor: string, space: string) => View | undefined

  constructor (spaces: readonly KnownSpace[], viewOf: (floor: string, space: string) => View | undefined) {
    for (const space of spaces) {
      const key = `${space.site} ${space.kind}`
      const list = this.#spaces.get(key)
      if (list === undefined) this.#spaces.set(key, [space])
      else list.push(space)
    }
    this.#sites = [...new Set(spaces.map(({ site }) => site))]
    this.#viewOf = viewOf
  }

  /** Where somebody works, of the sites that are open; null: all are closed. */
  siteOf (worker: Worker, open: ReadonlySet<string>): string | null {
    const home = TEAMS.find(({ id }) => id === worker.groups[0])?.site
    if (home !== undefined && open.has(home)) return home
    const sites = this.#sites.filter(site => open.has(site))
    return sites[hash(worker.groups[0] ?? worker.id) % sites.length] ?? null
  }

  /** Null: nothing of that kind is free, or there is none. */
  find (worker: Worker, kind: SpaceKind, site: string, random: Random): KnownSpace | null {
    const all = this.#spaces.get(`${site} ${kind}`) ?? []
    if (all.length === 0) return null
    if (random.chance(CARELESS)) {
      const careful = all.filter(space => mayHave(worker, space))
      return random.pick(careful.length === 0 || random.chance(CARELESS) ? all : careful)
    }
    const free = all.filter(space => mayHave(worker, space) && this.#isFree(space))
    const floors = [...new Set(all.map(({ floor }) => floor))]
    const home = floors[hash(worker.groups[0] ?? worker.id) % floors.length]
    const near = free.filter(({ floor }) => floor === home)
    return near.length > 0 ? random.pick(near) : free.length > 0 ? random.pick(free) : null
  }

  #isFree ({ floor, id }: KnownSpace): boolean {
    const view = this.#viewOf(floor, id)
    return view === undefined || (view.status === 'free' && view.brief !== true)
  }
}

/** FNV-1a: the same team has the same floor in every run. */
function hash (text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0
  return value
}
