import { signal, type ReadonlySignal } from '@preact/signals'
import type { FloorSummaryView, FloorView } from '../../protocol/plan.ts'
import type { SiteView } from '../../protocol/site.ts'
import type { Api } from '../live/api.ts'
import type { Device } from '../live/device.ts'
import { stored } from '../live/stored.ts'
import { shapesOf, type FloorShapes } from '../plan/shapes.ts'

/** Where a kiosk stands: what is the same all day, and is known without a connection, too. */
export interface Place {
  floor: FloorView
  shapes: FloorShapes
  site: SiteView
}

const kept = stored(() => localStorage, 'perch.kiosk.place')
const current = signal<Place | null>(remembered())

/** Null: never heard of it. */
export const place: ReadonlySignal<Place | null> = current

/** Asks where this is and how it looks there. What was known stays until there is an answer. @throws PerchError */
export async function lookAround (api: Api, device: Device): Promise<void> {
  const [{ sites }, floors] = await Promise.all([
    api.ask<{ sites: SiteView[] }>('GET', '/v1/sites'),
    device.floor === null ? api.ask<{ floors: FloorSummaryView[] }>('GET', '/v1/floors') : null
  ])
  const site = sites.find(({ id }) => id === device.site)
  const id = device.floor ?? lowest(floors?.floors ?? [], device.site)
  if (site === undefined || id === undefined) return
  const floor = await api.ask<FloorView>('GET', `/v1/floors/${encodeURIComponent(id)}`)
  kept.set(JSON.stringify({ floor, site }))
  current.value = { floor, site, shapes: shapesOf(floor) }
}

/** Where nobody has said which: people come in at the bottom. */
function lowest (floors: readonly FloorSummaryView[], site: string): string | undefined {
  return floors.filter(floor => floor.site === site).sort((a, b) => Math.abs(a.level) - Math.abs(b.level))[0]?.id
}

function remembered (): Place | null {
  const text = kept.get()
  if (text === null) return null
  const { floor, site } = JSON.parse(text) as Pick<Place, 'floor' | 'site'>
  return { floor, site, shapes: shapesOf(floor) }
}
