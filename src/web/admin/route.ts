import { signal, type ReadonlySignal } from '@preact/signals'

export const SECTIONS = ['devices', 'plans', 'spaces', 'labels', 'health'] as const
export type SectionName = typeof SECTIONS[number]

/** Where on the admin page one is, as the address says: /admin/plans/hq-3. */
export interface Route {
  section: SectionName
  floor: string | null
}

/** What is no section leads to the first. */
export function routeOf (path: string): Route {
  const [, , name = '', floor = ''] = path.split('/')
  const section = SECTIONS.find(one => one === name) ?? SECTIONS[0]
  return { section, floor: floor === '' ? null : decodeURIComponent(floor) }
}

export function pathOf ({ section, floor }: Route): string {
  return `/admin/${section}${floor === null ? '' : `/${encodeURIComponent(floor)}`}`
}

const current = signal(routeOf(location.pathname))

export const route: ReadonlySignal<Route> = current

addEventListener('popstate', () => { current.value = routeOf(location.pathname) })

/** `replace`: without a step to go back to. */
export function go (to: Route, { replace = false }: { replace?: boolean } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', pathOf(to) + location.search)
  current.value = to
}
