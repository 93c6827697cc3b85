import { signal, type ReadonlySignal } from '@preact/signals'
import { connect, PerchError, type Connection, type MyClaims, type Perch } from '../../client/index.ts'
import type { FloorSummaryView } from '../../protocol/plan.ts'
import type { SiteView } from '../../protocol/site.ts'
import { Api } from '../live/api.ts'
import { session, sessionOver, token } from '../live/sign-in.ts'
import { sitesOf } from '../live/plans.ts'
import { Atlas } from './atlas.ts'

export interface Directory {
  sites: readonly SiteView[]
  /** From the lowest storey up. */
  floors: readonly FloorSummaryView[]
}

/** The connection of whoever is signed in, with all that does not belong to one floor. */
export interface OfficeLine {
  readonly perch: Perch
  readonly api: Api
  readonly atlas: Atlas
  readonly mine: ReadonlySignal<MyClaims>
  readonly connection: ReadonlySignal<Connection>
  /** Null: not told yet. */
  readonly directory: ReadonlySignal<Directory | null>
  /** The server's time in Unix milliseconds, every few seconds anew. */
  readonly now: ReadonlySignal<number>
  /** May see others' claims. To look at them is noted, so it is done when asked for and never by itself. */
  readonly isManager: boolean
  close (): void
}

/** Milliseconds. Texts show minutes. */
const TICK_MS = 5_000
const AGAIN_MS = 5_000
const MANAGERS = ['manager', 'admin']

export function openOfficeLine (): OfficeLine {
  const api = new Api(token)
  const perch = connect({ url: location.origin, token: async () => await token() ?? '' })
  const mine = signal(perch.mine)
  const connection = signal(perch.connection)
  const directory = signal<Directory | null>(null)
  const now = signal(perch.now())
  perch.on('mine', told => { mine.value = told })
  perch.on('connection', told => {
    connection.value = told
    now.value = perch.now()
  })
  // A browser does not say why a handshake failed: whether it was the token, a plain request tells.
  perch.on('failure', () => { api.ask('GET', '/v1/whoami').catch(endIfRefused) })
  const every = setInterval(() => { now.value = perch.now() }, TICK_MS)
  let isOpen = true
  const look = (): void => {
    directoryOf(api).then(found => { directory.value = found }, (error: unknown) => {
      endIfRefused(error)
      if (isOpen) setTimeout(() => { if (isOpen) look() }, AGAIN_MS)
    })
  }
  look()
  return {
    perch,
    api,
    atlas: new Atlas(api),
    mine,
    connection,
    directory,
    now,
    get isManager () { return MANAGERS.includes(session.value?.person.role ?? '') },
    close () {
      isOpen = false
      clearInterval(every)
      perch.close()
    }
  }
}

function endIfRefused (error: unknown): void {
  if (error instanceof PerchError && error.code === 'UNAUTHENTICATED') sessionOver()
}

async function directoryOf (api: Api): Promise<Directory> {
  const [sites, { floors }] = await Promise.all([sitesOf(api), api.ask<{ floors: FloorSummaryView[] }>('GET', '/v1/floors')])
  return { sites, floors: floors.sort((a, b) => a.site === b.site ? a.level - b.level : a.site < b.site ? -1 : 1) }
}

export function siteOf (directory: Directory | null, floor: string): SiteView | null {
  const site = directory?.floors.find(({ id }) => id === floor)?.site
  return directory?.sites.find(({ id }) => id === site) ?? null
}

/** Where somebody looks first: the site's lowest storey above ground, since most come in there. Null: there are none. */
export function firstFloor ({ floors }: Directory, site: string | null): FloorSummaryView | null {
  const there = floors.filter(floor => floor.site === site)
  const some = there.length > 0 ? there : floors
  return some.find(({ level }) => level >= 0) ?? some[0] ?? null
}
