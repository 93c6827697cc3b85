import type { Floor, Space } from '../../../client/index.ts'

const NEVER = (): (() => void) => () => {}

/** A floor that is drawn and not live: everything on it is free, and nothing ever changes. */
export function stillFloor (id: string, spaces: ReadonlyArray<{ id: string }>): Floor {
  const views: Space[] = spaces.map(space => ({ id: space.id, status: 'free', since: '1970-01-01T00:00:00Z' }))
  const byId = new Map(views.map(view => [view.id, view]))
  return {
    id,
    position: null,
    audience: 'anonymous',
    plan: null,
    counts: null,
    freshness: { state: 'live' },
    spaces: views,
    space: space => byId.get(space),
    on: NEVER,
    onSpace: NEVER,
    ready: async () => {},
    close () {}
  }
}
