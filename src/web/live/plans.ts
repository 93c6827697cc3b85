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
  const view = await api.ask<FloorView>('GET', `/v1/floors/${encodeURIComponent(floor)}`)
  return { floor: view, shapes: shapesOf(view) }
}

/** @throws PerchError */
export async function sitesOf (api: Api): Promise<SiteView[]> {
  return (await api.ask<{ sites: SiteView[] }>('GET', '/v1/sites')).sites
}
