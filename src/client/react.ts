/** `perch/react`: the client as hooks. Components render anew when what they look at has changed, and not before. */
import { createContext, createElement, useCallback, useContext, useRef, useSyncExternalStore, type ReactElement, type ReactNode } from 'react'
import type { Audience } from '../domain/audience.ts'
import type { CountsView } from '../protocol/view.ts'
import type { FloorView, WatchOptions } from './floors.ts'
import { CATCHING_UP, type Connection, type Freshness } from './freshness.ts'
import type { MyClaims } from './mine.ts'
import type { Perch } from './perch.ts'
import type { Space } from './space.ts'

const PerchContext = createContext<Perch | null>(null)

/** Everything below uses this client. Who made it closes it. */
export function PerchProvider ({ perch, children }: { perch: Perch, children?: ReactNode }): ReactElement {
  return createElement(PerchContext.Provider, { value: perch }, children)
}

/** For commands. @throws Error outside of a PerchProvider */
export function usePerch (): Perch {
  const perch = useContext(PerchContext)
  if (perch === null) throw new Error('usePerch needs a PerchProvider above it')
  return perch
}

export function useConnection (): Connection {
  const perch = usePerch()
  const subscribe = useCallback((changed: () => void) => perch.on('connection', changed), [perch])
  const read = () => perch.connection
  return useSyncExternalStore(subscribe, read, read)
}

/** One's own claims, and those that a fault took. */
export function useMine (): MyClaims {
  const perch = usePerch()
  const subscribe = useCallback((changed: () => void) => perch.on('mine', changed), [perch])
  const read = () => perch.mine
  return useSyncExternalStore(subscribe, read, read)
}

/** What a component sees of a floor: as it was when it was rendered, whatever comes meanwhile. */
export interface FloorState {
  readonly spaces: readonly Space[]
  /** Null while nothing is known, like the two below. */
  readonly counts: CountsView | null
  readonly plan: number | null
  readonly audience: Audience | null
  readonly freshness: Freshness
}

const NOTHING: FloorState = { spaces: [], counts: null, plan: null, audience: null, freshness: CATCHING_UP }

/** Watches a floor for as long as the component is there. */
export function useFloor (floor: string, options: WatchOptions = {}): FloorState {
  const last = useRef(NOTHING)
  return useWatched(floor, options, view => {
    if (view === undefined) return NOTHING
    const { spaces, counts, plan, audience, freshness } = view
    const before = last.current
    const same = before.spaces === spaces && before.counts === counts && before.plan === plan && before.audience === audience && before.freshness === freshness
    if (!same) last.current = { spaces, counts, plan, audience, freshness }
    return last.current
  })
}

/** Totals of a floor and of its zones. Null while nothing is known. */
export function useCounts (floor: string, options: WatchOptions = {}): CountsView | null {
  return useWatched(floor, options, view => view?.counts ?? null)
}

/** How far to trust what the floor shows. */
export function useFreshness (floor: string, options: WatchOptions = {}): Freshness {
  return useWatched(floor, options, view => view?.freshness ?? CATCHING_UP)
}

/** One space of a floor; undefined while it is not known, or gone. */
export function useSpace (floor: string, space: string, { audience }: WatchOptions = {}): Space | undefined {
  const perch = usePerch()
  const subscribe = useCallback((changed: () => void) => {
    const watched = perch.watch(floor, optionsOf(audience))
    watched.onSpace(space, changed)
    return () => watched.close()
  }, [perch, floor, space, audience])
  return useSyncExternalStore(subscribe, () => perch.floor(floor)?.space(space), () => undefined)
}

/** `look` gives the same object for as long as it sees the same. */
function useWatched<Seen> (floor: string, { audience }: WatchOptions, look: (view: FloorView | undefined) => Seen): Seen {
  const perch = usePerch()
  const subscribe = useCallback((changed: () => void) => {
    const watched = perch.watch(floor, optionsOf(audience))
    watched.on('change', changed)
    watched.on('freshness', changed)
    return () => watched.close()
  }, [perch, floor, audience])
  return useSyncExternalStore(subscribe, () => look(perch.floor(floor)), () => look(undefined))
}

function optionsOf (audience: Audience | undefined): WatchOptions {
  return audience === undefined ? {} : { audience }
}
