import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { Connection } from '../../client/index.ts'
import { systemClock } from '../../client/clock.ts'
import { openOfflineQueue, type OfflineQueue } from '../../client/offline-queue.ts'
import { openDeviceLine, type DeviceLine } from '../live/device-line.ts'
import type { Device } from '../live/device.ts'
import { floorState, type FloorState } from '../live/floor-state.ts'
import { VERSION } from '../live/version.ts'
import { keepOffline } from '../offline/keep-offline.ts'
import { language } from '../words/language.ts'
import { nearestFree } from './nearest.ts'
import { Patience, type Pace, type TimeLeft } from './patience.ts'
import { lookAround, place } from './place.ts'
import { sealedStorage } from './sealed-storage.ts'
import { spotIn, Spots } from './spot.ts'
import type { Offer } from './step.ts'
import { Unmet } from './unmet.ts'
import { Visit, type Counter } from './visit.ts'

/** A kiosk at work: its connection, its queue, and the visit that is under way. */
export interface OpenCounter {
  line: DeviceLine
  visit: Visit
  /** Null until it is known which floor this is. */
  floor: ReadonlySignal<FloorState | null>
  connection: ReadonlySignal<Connection>
  /** Null: nobody is there. */
  left: ReadonlySignal<TimeLeft | null>
  /** Commands that wait to be sent. */
  waiting: ReadonlySignal<number>
  unmet: Unmet
  offers: ReadonlySignal<Offer[]>
  /** Somebody has done something. */
  touch (pace: Pace): void
  /** Something broke that nobody caught: whoever looks after it is told. */
  fails (): void
  close (): void
}

/** Milliseconds before the plan is asked for again where it could not be had. */
const LOOK_AGAIN_MS = 10_000

/** Milliseconds without anybody, after which a new version may take over. */
const QUIET_MS = 5 * 60_000

export async function openCounter (device: Device): Promise<OpenCounter> {
  const unmet = new Unmet()
  let failing = false
  const line = openDeviceLine(VERSION, () => failing ? 'failing' : unmet.count.value > 0 ? 'degraded' : 'ok')
  const { perch, api } = line
  const ends: Array<() => void> = []
  const connection = signal<Connection>(perch.connection)
  ends.push(perch.on('connection', told => { connection.value = told }))
  const queue = await openOfflineQueue(perch, { storage: sealedStorage() })
  const attended: Counter['attended'] = new Set()
  const waiting = watchQueue(queue, attended, unmet, ends)
  const floor = watchedFloor(line, device, ends)
  const offers = computed(() => offersOn(floor.value, device))
  const visit = new Visit({ api, perch, queue, spots: new Spots(api), floor: () => place.value?.floor ?? null, offers: () => offers.value, attended })
  const patience = waitFor(visit, ends)
  return {
    line,
    visit,
    floor,
    connection,
    left: patience.left,
    waiting,
    unmet,
    offers,
    touch: pace => patience.touch(pace),
    fails: () => { failing = true },
    close () {
      for (const end of ends.splice(0)) end()
      patience.rest()
      queue.close()
      line.close()
    }
  }
}

/** How many commands wait. What was refused after who asked for it had gone is counted. */
function watchQueue (queue: OfflineQueue, attended: Counter['attended'], unmet: Unmet, ends: Array<() => void>): ReadonlySignal<number> {
  const waiting = signal(queue.waiting.length)
  ends.push(
    queue.on('change', commands => { waiting.value = commands.length }),
    queue.on('outcome', ({ state, command }) => { if (state === 'refused' && !attended.has(command)) unmet.add(place.value?.site.zone ?? 'UTC') })
  )
  return waiting
}

/** The next one finds the kiosk as the first did, and nobody notices when it is renewed. */
function waitFor (visit: Visit, ends: Array<() => void>): Pick<Patience, 'touch' | 'rest'> & { left: ReadonlySignal<TimeLeft | null> } {
  const first = language.value
  const left = signal<TimeLeft | null>(null)
  const patience = new Patience(systemClock(), { gone: () => visit.end(), changed: told => { left.value = told } })
  let idleSince = performance.now()
  ends.push(
    effect(() => {
      if (visit.step.value.at !== 'idle') return
      idleSince = performance.now()
      patience.rest()
      language.value = first
    }),
    keepOffline('/kiosk/', () => visit.step.value.at === 'idle' && performance.now() - idleSince > QUIET_MS)
  )
  return { left, touch: pace => patience.touch(pace), rest: () => patience.rest() }
}

/** States alone: nobody's name comes to a screen that everybody passes. */
function watchedFloor ({ perch, api }: DeviceLine, device: Device, ends: Array<() => void>): ReadonlySignal<FloorState | null> {
  const id = computed(() => place.value?.floor.id ?? device.floor)
  const watched = signal<FloorState | null>(null)
  ends.push(effect(() => {
    if (id.value === null) return
    const state = watched.value = floorState(perch.watch(id.value, { audience: 'anonymous' }))
    return () => state.floor.close()
  }))
  let again: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    clearTimeout(again)
    lookAround(api, device).catch(() => { again = setTimeout(look, LOOK_AGAIN_MS) })
  }
  // With each new revision of the plan, and once at the beginning.
  const revision = computed(() => watched.value?.plan.value ?? null)
  ends.push(effect(() => {
    if (revision.value === null || revision.value !== place.peek()?.floor.revision) look()
  }), () => clearTimeout(again))
  return watched
}

function offersOn (state: FloorState | null, { point }: Device): Offer[] {
  const { value: here } = place
  if (state === null || here === null || state.floor.id !== here.floor.id) return []
  // Read for its own sake: the floor itself is no signal.
  if (state.version.value < 0) return []
  return nearestFree(here.floor, here.shapes, id => state.floor.space(id), point).flatMap(({ space, distance, next }) => {
    const spot = spotIn(here.floor, space.id)
    return spot === null ? [] : [{ spot, distance, next }]
  })
}
