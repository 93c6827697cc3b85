import { useComputed, type ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Connection } from '../../client/index.ts'
import type { DeviceLine } from '../live/device-line.ts'
import type { Device } from '../live/device.ts'
import { takeNewBuilds } from '../live/new-build.ts'
import { useConnection } from '../live/use-connection.ts'
import { FreshnessNote } from '../parts/freshness-note.tsx'
import { Legend } from '../parts/legend.tsx'
import { dayText, timeText } from '../time/site-time.ts'
import { commonWords } from '../words/common.ts'
import { FloorList } from './floor-list.tsx'
import { FreeCard } from './free-card.tsx'
import { KindsLine } from './kinds-line.tsx'
import type { LiveFloor } from './live-floor.ts'
import type { DisplayOptions } from './options.ts'
import { PlanView } from './plan-view.tsx'
import { roomFor } from './room.ts'
import { shiftAt } from './shift.ts'
import { floorsAround, useShown } from './shown.ts'
import { isOpen, nextNight } from './site-day.ts'
import type { SiteFloors } from './site-floors.ts'
import { useTheme } from './theme.ts'
import { timeNow } from './time-now.ts'
import { useUnit } from './unit.ts'
import { displayWords } from './words.ts'
import './screen.css'

export interface ScreenProps {
  line: DeviceLine
  house: SiteFloors
  device: Device
  options: DisplayOptions
  /** Whether what is shown is not what it should be. */
  onHealth: (degraded: boolean) => void
}

const MINUTE_MS = 60_000
/** A connection may be live, and nothing be shown yet that is. */
const CATCHING_UP = { state: 'catching-up' } as const
/** Letters that fit beside the clock in full size. */
const LONG_TITLE = 26

/** What a lobby sees. */
export function Screen ({ line, house, device, options, onHealth }: ScreenProps) {
  const { now, end } = useMemo(() => timeNow(line.perch), [line])
  useEffect(() => end, [end])
  const shown = useShown(house, device, options, now).value
  const site = house.site.value
  const zone = site?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const floors = house.floors.value
  const { unit, portrait } = useUnit()
  // What hangs on the time of day is looked at once a minute: calendars are slow, and a display has years.
  const minute = useComputed(() => Math.floor(now.value / MINUTE_MS) * MINUTE_MS)
  const theme = useTheme(options.theme, house.site, minute)
  const open = useComputed(() => house.site.value === null || isOpen(house.site.value, minute.value)).value
  const connection = useConnection(line.perch)
  const freshness = shown?.state.freshness.value ?? connection
  const stale = freshness.state === 'stale'
  const trouble = shown?.trouble.value.what ?? 'loading'
  onHealth(stale || trouble !== 'none' || floors === null)
  useNewBuilds(house, now, zone, trouble)
  const occupancy = shown?.occupancy.value ?? null
  const title = shown === null ? site?.name ?? device.name : commonWords().floorTitle(shown.level, shown.name.value)
  const { zonesAtMost, floorsAtMost } = roomFor(portrait, (floors ?? []).map(floor => floor.occupancy.value?.main === 'desk' || floor.occupancy.value === null))
  return (
    <div class={`display ${stale ? 'display-stale' : ''} ${open ? '' : 'display-dim'} ${portrait ? 'display-portrait' : ''}`}>
      <Shifted minute={minute}>
        <header class={`display-head ${title.length > LONG_TITLE ? 'display-head-long' : ''}`}>
          <h1>{title}</h1>
          {shown !== null && <p class='display-site'>{site?.name}</p>}
          <Clock minute={minute} zone={zone} />
        </header>
        <div class='display-side'>
          {occupancy !== null && <FreeCard floor={shown?.id ?? ''} occupancy={occupancy} zonesAtMost={zonesAtMost} hint={hintOf(floors ?? [], shown)} />}
          {floors !== null && floors.length > 1 && <FloorList floors={floorsAround(floors, shown, floorsAtMost)} shown={shown} />}
        </div>
        <PlanView floor={shown} device={device} sentence={sentenceOf({ floors, shown, device, options, connection })} unit={unit} theme={theme} />
        {occupancy !== null && occupancy.others.length > 0 && <KindsLine others={occupancy.others} />}
        <footer class='display-foot'>
          {stale && shown?.state.plan.value !== null && shown !== null
            ? <p class='display-strip' role='status'><strong>{commonWords().staleSince(timeText(freshness.since, zone))}</strong> {displayWords().goesOn}</p>
            : <><Legend />{trouble !== 'unreachable' && <FreshnessNote freshness={occupancy === null && freshness.state === 'live' ? CATCHING_UP : freshness} zone={zone} />}</>}
        </footer>
      </Shifted>
    </div>
  )
}

function Shifted ({ minute, children }: { minute: ReadonlySignal<number>, children: preact.ComponentChildren }) {
  const x = useComputed(() => shiftAt(minute.value).x).value
  const y = useComputed(() => shiftAt(minute.value).y).value
  return <main class='display-sheet' style={{ '--shift-x': x, '--shift-y': y }}>{children}</main>
}

function Clock ({ minute, zone }: { minute: ReadonlySignal<number>, zone: string }) {
  return <p class='display-clock'><span class='display-day'>{dayText(minute.value, zone)}</span><time>{timeText(minute.value, zone)}</time></p>
}

/** Where there is something when there is nothing here: the floor with most. */
function hintOf (floors: readonly LiveFloor[], shown: LiveFloor | null): string | null {
  const words = displayWords()
  const main = shown?.occupancy.value?.main
  const free = (floor: LiveFloor): number => floor.occupancy.value?.main === main ? floor.occupancy.value?.mainTally.free ?? 0 : 0
  const [best] = floors.filter(floor => floor !== shown && free(floor) > 0).sort((a, b) => free(b) - free(a))
  return best === undefined ? words.allTaken : words.elsewhere(free(best), best.level, best.name.value)
}

/** What is to be said instead of, or beside, the plan. Null: it speaks for itself. */
function sentenceOf ({ floors, shown, device, options, connection }: { floors: readonly LiveFloor[] | null, shown: LiveFloor | null, device: Device, options: DisplayOptions, connection: Connection }): string | null {
  const words = displayWords()
  const own = floors?.find(({ id }) => id === device.floor)
  if (floors === null) return connection.state === 'stale' || connection.state === 'closed' ? words.unreachable : commonWords().loading
  if (floors.length === 0) return words.noFloors
  if (options.floors !== null && !floors.some(({ id }) => options.floors?.includes(id))) return words.notOne(options.floors.join(', '))
  if (options.floors === null && device.floor !== null && (own === undefined || own.trouble.value.what === 'gone')) return words.floorGone
  switch (shown?.trouble.value.what) {
    case 'none': return null
    case 'unreachable': return words.unreachable
    case 'no-plan': return words.noPlan
    case 'refused': return words.mayNot
    case 'gone': return words.floorGone
    case 'loading':
    case undefined: return own?.trouble.value.what === 'refused' ? words.mayNot : commonWords().loading
  }
}

/** At night, or at once where nobody sees it. Where a service worker keeps the page, as over https, it answers these looks itself and brings new versions in its own way: see main.tsx. */
function useNewBuilds (house: SiteFloors, now: ReadonlySignal<number>, zone: string, trouble: string): void {
  const latest = useRef({ zone, trouble })
  latest.current = { zone, trouble }
  useEffect(() => takeNewBuilds({
    unseen () {
      const site = house.site.peek()
      return document.hidden || latest.current.trouble === 'unreachable' || (site !== null && !isOpen(site, now.peek()))
    },
    waitMs: () => nextNight(latest.current.zone, now.peek(), Math.random()) - now.peek()
  }), [])
}
