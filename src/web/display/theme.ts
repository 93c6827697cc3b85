import { useComputed, type ReadonlySignal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import type { SiteView } from '../../protocol/site.ts'
import type { ThemeOption } from './options.ts'
import { themeAt } from './site-day.ts'

/** Puts the theme of that time on the page. Returns it: what is painted and not styled has to be painted anew. */
export function useTheme (option: ThemeOption, site: ReadonlySignal<SiteView | null>, minute: ReadonlySignal<number>): 'light' | 'dark' | null {
  const theme = useComputed(() => themeAt(option, site.value, minute.value)).value
  useLayoutEffect(() => {
    const { dataset } = document.documentElement
    if (theme === null) delete dataset['theme']
    else dataset['theme'] = theme
  }, [theme])
  return theme
}
