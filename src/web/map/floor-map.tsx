import { useEffect, useMemo } from 'preact/hooks'
import type { SiteView } from '../../protocol/site.ts'
import type { FloorState } from '../live/floor-state.ts'
import type { FloorPlanned } from '../live/plans.ts'
import { FreshnessNote } from '../parts/freshness-note.tsx'
import type { SpaceShape } from '../plan/shapes.ts'
import { commonWords } from '../words/common.ts'
import type { Deeds } from './deeds.ts'
import { choicesOf, wantedOf } from './filter.ts'
import { FilterChips } from './filter-chips.tsx'
import { namesOn } from './names.ts'
import { NoticeBar } from './notice-bar.tsx'
import type { OfficeLine } from './office-line.ts'
import { Panel } from './panel.tsx'
import { PlanStage } from './plan-stage.tsx'
import { SearchBox } from './search-box.tsx'
import { isUnsettled, statusText } from './status-text.ts'
import { closePanel, embedded, filter, panel, place, togglePanel } from './visit.ts'
import { whenText } from './when-text.ts'
import { mapWords } from './words/words.ts'
import './map.css'

export interface FloorMapProps {
  line: OfficeLine
  deeds: Deeds
  site: SiteView
  state: FloorState
  planned: FloorPlanned
}

/** A floor with all that can be done on it. */
export function FloorMap ({ line, deeds, site, state, planned }: FloorMapProps) {
  const words = mapWords()
  const { floor, shapes } = planned
  const title = commonWords().floorTitle(floor.level, floor.name)
  const chosen = useMemo(() => shapes.spaces.find(({ id }) => id === place.value.space) ?? null, [shapes, place.value.space])
  const claims = line.mine.value.claims
  const mine = useMemo(() => new Set((claims ?? []).filter(({ state }) => state !== 'ended').map(({ space }) => space)), [claims])
  // Names are looked at when something is typed, and not with every change of the floor.
  const wanted = useMemo(() => wantedOf(shapes.spaces, filter.value, filter.value.text === '' ? NOBODY : namesOn(state.floor.spaces)), [shapes, filter.value])
  const choices = useMemo(() => choicesOf(shapes.spaces, floor.zones), [shapes])
  const time = (at: string): string => whenText(at, line.now.value, site.zone)
  const describe = (space: SpaceShape): string => {
    const view = state.floor.space(space.id)
    return [space.label, words.kinds[space.kind], statusText(view, words, time), view?.occupant?.name, mine.has(space.id) ? words.yours : undefined, isUnsettled(view) ? words.confirming : undefined].filter(Boolean).join(', ')
  }
  useEffect(() => { document.title = chosen === null ? `${floor.name} · Perch` : `${chosen.label} · ${floor.name} · Perch` }, [chosen, floor])
  const freshness = state.freshness.value
  const held = (claims ?? []).filter(({ state }) => state !== 'ended').length
  return (
    <main class={['map', embedded && 'map-embedded', freshness.state === 'stale' && 'map-stale'].filter(Boolean).join(' ')} onKeyDown={event => { if (event.key === 'Escape') closePanel() }}>
      <header class='map-head'>
        <h1 class='heard'>{title}</h1>
        <button type='button' class='floor-button' aria-expanded={panel.value === 'floors'} onClick={() => togglePanel('floors')}>
          <span class='heard'>{words.floors}: </span><span>{floor.level} {floor.name}</span><svg viewBox='0 0 12 12' aria-hidden='true'><path d='M2.5 4.5L6 8l3.5-3.5' /></svg>
        </button>
        <SearchBox line={line} state={state} planned={planned} />
        <button type='button' class='menu-button' aria-label={words.menu} aria-expanded={panel.value === 'menu'} onClick={() => togglePanel('menu')}><svg viewBox='0 0 20 20' aria-hidden='true'><path d='M3 6h14M3 10h14M3 14h14' /></svg></button>
      </header>
      <FilterChips choices={choices} wanted={wanted} all={shapes.spaces.length} />
      <div class='map-stage'>
        {freshness.state !== 'live' && <div class='map-strip'><FreshnessNote freshness={freshness} zone={site.zone} /></div>}
        <PlanStage state={state} planned={planned} label={title} chosen={chosen} mine={mine} wanted={wanted} describe={describe} onEscape={closePanel} />
        <div class='map-pills'>
          <button type='button' aria-expanded={panel.value === 'mine'} onClick={() => togglePanel('mine')}>{words.mine}{held > 0 && <strong>{held}</strong>}</button>
          <button type='button' class='list-button' aria-label={words.asList} title={words.asList} aria-expanded={panel.value === 'list'} onClick={() => togglePanel('list')}><svg viewBox='0 0 20 20' aria-hidden='true'><path d='M8 5h9M8 10h9M8 15h9M3.5 5h.01M3.5 10h.01M3.5 15h.01' /></svg></button>
        </div>
      </div>
      <NoticeBar deeds={deeds} />
      <Panel line={line} deeds={deeds} site={site} state={state} planned={planned} chosen={chosen} wanted={wanted} time={time} />
    </main>
  )
}

const NOBODY: ReadonlyMap<string, string> = new Map()
