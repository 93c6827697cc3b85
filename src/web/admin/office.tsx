import { createContext, type ComponentChildren } from 'preact'
import { useContext, useEffect, useMemo, useState } from 'preact/hooks'
import { connect, PerchError, type Perch } from '../../client/index.ts'
import type { FloorSummaryView } from '../../protocol/plan.ts'
import type { SiteView } from '../../protocol/site.ts'
import { Api } from '../live/api.ts'
import { sitesOf } from '../live/plans.ts'
import { sessionOver, token, type SignedIn } from '../live/sign-in.ts'
import { Button } from '../parts/button.tsx'
import { commonWords } from '../words/common.ts'
import { refusalText } from './words/refusals.ts'

/** What every section needs of the org: those sites, and the floors of them, that whoever is signed in looks after. */
export interface Office {
  api: Api
  perch: Perch
  somebody: SignedIn
  sites: readonly SiteView[]
  /** By site and level. */
  floors: readonly FloorSummaryView[]
  /** Floors were changed. */
  reload (): void
}

const Context = createContext<Office | null>(null)

export function useOffice (): Office {
  const office = useContext(Context)
  if (office === null) throw new Error('outside of an office')
  return office
}

type Known = { state: 'asking' } | { state: 'refused', error: unknown } | { state: 'known', sites: readonly SiteView[], floors: readonly FloorSummaryView[] }

/** Connects, and shows what is inside once the office is known. */
export function OfficeOf ({ somebody, children }: { somebody: SignedIn, children: ComponentChildren }) {
  const api = useMemo(() => new Api(token), [])
  const perch = useMemo(() => connect({ url: location.origin, token: async () => await token() ?? '' }), [])
  const [known, setKnown] = useState<Known>({ state: 'asking' })
  const reload = (): void => { officeOf(api, somebody).then(setKnown, (error: unknown) => setKnown({ state: 'refused', error })) }
  useEffect(() => {
    reload()
    const end = perch.on('connection', now => { if (now.state === 'closed' && now.error.code === 'UNAUTHENTICATED') sessionOver() })
    return () => { end(); perch.close() }
  }, [])
  if (known.state === 'asking') return <p class='admin-wait' role='status'>{commonWords().loading}</p>
  if (known.state === 'refused') return <div class='admin-wait'><p role='alert'>{refusalText(known.error)}</p><Button look='main' onClick={reload}>{commonWords().tryAgain}</Button></div>
  return <Context.Provider value={{ api, perch, somebody, sites: known.sites, floors: known.floors, reload }}>{children}</Context.Provider>
}

async function officeOf (api: Api, { site }: SignedIn): Promise<Known> {
  try {
    const [sites, { floors }] = await Promise.all([sitesOf(api), api.ask<{ floors: FloorSummaryView[] }>('GET', '/v1/floors')])
    const mine = sites.filter(({ id }) => site === null || id === site)
    const order = new Map(mine.map(({ id }, i) => [id, i]))
    return {
      state: 'known',
      sites: mine,
      floors: floors.filter(floor => order.has(floor.site)).sort((a, b) => (order.get(a.site) ?? 0) - (order.get(b.site) ?? 0) || a.level - b.level || a.id.localeCompare(b.id))
    }
  } catch (error) {
    if (error instanceof PerchError && error.code === 'UNAUTHENTICATED') sessionOver()
    throw error
  }
}
