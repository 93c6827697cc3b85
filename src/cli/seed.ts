import { isDeepStrictEqual } from 'node:util'
import type { PersonView } from '../protocol/people.ts'
import type { SiteView } from '../protocol/site.ts'
import { ApiRefusal, askApi, type ApiAddress } from './seed/api.ts'
import { demoOffice, type DemoOffice } from './seed/office.ts'

export { demoOffice }
export type { DemoOffice }

/** People in one request, and on one page. */
const PEOPLE_AT_ONCE = 500

/** A step that is done: `written` of `total` were not there yet, or other than they should be. */
export interface SeedStep {
  step: 'org' | 'sites' | 'groups' | 'people' | 'floors'
  done: number
  total: number
  written: number
}

/**
 * Brings the directory of a running server to the demo office, through the HTTP API alone. Only what differs is written, so that a second run changes nothing; what else
 * there is stays. Waits out a server that is starting. @throws Unreachable, ApiRefusal
 */
export async function seedDirectory (server: ApiAddress, onProgress: (step: SeedStep) => void = () => {}, office: DemoOffice = demoOffice()): Promise<void> {
  await new Seeding(server, onProgress).run(office)
}

class Seeding {
  readonly #server: ApiAddress
  readonly #onProgress: (step: SeedStep) => void

  constructor (server: ApiAddress, onProgress: (step: SeedStep) => void) {
    this.#server = server
    this.#onProgress = onProgress
  }

  /** In the order in which one needs the other: a floor names its site, and its zones name groups. */
  async run ({ org, sites, groups, people, floors }: DemoOffice): Promise<void> {
    await this.#each('org', [org], async () => await this.#put('/v1/org', { name: org.name, policy: org.policy }))
    await this.#sites(sites)
    await this.#groups(groups)
    await this.#people(people)
    await this.#each('floors', floors, async ({ id, ...floor }) => await this.#put(`/v1/floors/${id}`, floor))
  }

  async #each<T> (step: SeedStep['step'], items: readonly T[], put: (item: T) => Promise<boolean>): Promise<void> {
    let written = 0
    for (const [i, item] of items.entries()) {
      if (await put(item)) written++
      this.#onProgress({ step, done: i + 1, total: items.length, written })
    }
  }

  async #sites (sites: DemoOffice['sites']): Promise<void> {
    const known = await this.#ask('GET', '/v1/sites') as { sites: SiteView[] }
    await this.#each('sites', sites, async ({ id, name, hours, policy }) => {
      const body = { name, zone: hours.zone, hours: hours.hours, policy }
      if (agrees(known.sites.find(site => site.id === id), body)) return false
      await this.#ask('PUT', `/v1/sites/${id}`, body)
      return true
    })
  }

  /** False: it is so already. */
  async #put (path: string, body: Readonly<Record<string, unknown>>): Promise<boolean> {
    if (agrees(await this.#known(path), body)) return false
    await this.#ask('PUT', path, body)
    return true
  }

  async #groups (groups: DemoOffice['groups']): Promise<void> {
    const known = await this.#ask('GET', '/v1/groups') as { groups: DemoOffice['groups'] }
    const missing = groups.filter(group => !known.groups.some(other => isDeepStrictEqual(other, group)))
    if (missing.length > 0) await this.#ask('PUT', '/v1/groups', { groups: missing })
    this.#onProgress({ step: 'groups', done: groups.length, total: groups.length, written: missing.length })
  }

  async #people (people: DemoOffice['people']): Promise<void> {
    const known = await this.#knownPeople()
    let written = 0
    for (let i = 0; i < people.length; i += PEOPLE_AT_ONCE) {
      const part = people.slice(i, i + PEOPLE_AT_ONCE)
      const changed = part.filter(person => !agrees(known.get(person.id), { ...person, groups: [...person.groups].sort(), badges: person.badges.length }))
      if (changed.length > 0) await this.#ask('PUT', '/v1/people', { people: changed })
      written += changed.length
      this.#onProgress({ step: 'people', done: i + part.length, total: people.length, written })
    }
  }

  async #knownPeople (): Promise<Map<string, PersonView>> {
    const known = new Map<string, PersonView>()
    let after = ''
    for (;;) {
      const { people, next } = await this.#ask('GET', `/v1/people?limit=${PEOPLE_AT_ONCE}${after}`) as { people: PersonView[], next: string | null }
      for (const person of people) known.set(person.id, { ...person, groups: [...person.groups].sort() })
      if (next === null) return known
      after = `&after=${next}`
    }
  }

  /** Null: there is none yet. */
  async #known (path: string): Promise<unknown> {
    try {
      return await this.#ask('GET', path)
    } catch (error) {
      if (error instanceof ApiRefusal && error.code.endsWith('_UNKNOWN')) return null
      throw error
    }
  }

  async #ask (method: string, path: string, body?: unknown): Promise<unknown> {
    return await askApi(this.#server, method, path, body)
  }
}

/** What is there says all that should be there, whatever it says beside it. */
function agrees (known: unknown, wanted: Readonly<Record<string, unknown>>): boolean {
  if (typeof known !== 'object' || known === null) return false
  const there = known as Record<string, unknown>
  return Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(there[name], value))
}
