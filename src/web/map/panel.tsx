import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { SpaceShape } from '../plan/shapes.ts'
import { FloorList } from './floor-list.tsx'
import type { FloorMapProps } from './floor-map.tsx'
import { Menu } from './menu.tsx'
import { MyClaims } from './my-claims.tsx'
import { Overview } from './overview.tsx'
import { SpaceList } from './space-list.tsx'
import { SpaceSheet } from './space-sheet.tsx'
import { closePanel, panel, place } from './visit.ts'
import { mapWords } from './words/words.ts'
import './panel.css'

export interface PanelProps extends FloorMapProps {
  chosen: SpaceShape | null
  wanted: ReadonlySet<string> | null
  time: (at: string) => string
}

/** What stands beside the plan, or on a phone over its lower part. */
export function Panel (props: PanelProps) {
  const words = mapWords()
  const element = useRef<HTMLElement>(null)
  const which = panel.value
  // Whoever opened it by a button reads on in it; a space is chosen on the plan, and stays there.
  useEffect(() => { if (which !== 'none' && which !== 'space') element.current?.querySelector<HTMLElement>('h2')?.focus() }, [which])
  return (
    <aside ref={element} class={`panel ${which === 'none' ? 'panel-idle' : ''}`}>
      {which !== 'none' && <button type='button' class='panel-close' aria-label={words.close} onClick={close}><svg viewBox='0 0 20 20' aria-hidden='true'><path d='M5 5l10 10M15 5L5 15' /></svg></button>}
      <div class='panel-inner'>{content(props)}</div>
    </aside>
  )
}

function close (): void {
  closePanel()
  document.getElementById('plan')?.focus()
}

function content (props: PanelProps): ComponentChildren {
  const { line, deeds, site, state, planned, chosen, wanted, time } = props
  switch (panel.value) {
    case 'none':
      return <Overview state={state} planned={planned} siteName={site.name} zone={site.zone} />
    case 'space':
      return chosen === null
        ? <p class='panel-part' role='status'>{mapWords().spaceUnknown(place.value.space ?? '')}</p>
        : <SpaceSheet key={chosen.id} line={line} deeds={deeds} site={site} state={state} planned={planned} space={chosen} />
    case 'mine':
      return <MyClaims line={line} deeds={deeds} />
    case 'list':
      return <SpaceList state={state} planned={planned} wanted={wanted} time={time} />
    case 'floors':
      return <FloorList line={line} current={planned.floor.id} />
    case 'menu':
      return <Menu line={line} zone={site.zone} />
  }
}
