import type { FloorView } from '../../protocol/plan.ts'
import type { SiteView } from '../../protocol/site.ts'
import { shapesOf, type FloorShapes } from '../plan/shapes.ts'
import type { Api } from './api.ts'

/** A floor with its shapes, as one revision of its plan has it. */
export interface FloorPlanned {
  floor: FloorView
  shapes: FloorShapes
}

/** @throws PerchError */
export async function planOf (api: Api, floor: string): Promise<FloorPlanned> {
  return planned(await api.ask<FloorView>('GET', planPath(floor)))
}

export function planned (floor: FloorView): FloorPlanned {
  return { floor, shapes: shapesOf(floor) }
}

export function planPath (floor: string): string {
  return `/v1/floors/${encodeURIComponent(floor)}`
}

/** @throws PerchError */
export async function sitesOf (api: Api): Promise<SiteView[]> {
  return (await api.ask<{ sites: SiteView[] }>('GET', '/v1/sites')).sites
}
