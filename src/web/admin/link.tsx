import type { ComponentChildren } from 'preact'
import { go, pathOf, type Route } from './route.ts'

/** A link within the page: it may be opened elsewhere, and here it costs no load. */
export function Link ({ to, current = false, children }: { to: Route, current?: boolean, children: ComponentChildren }) {
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    go(to)
  }
  return <a href={pathOf(to) + location.search} aria-current={current ? 'page' : undefined} onClick={follow}>{children}</a>
}
