import { PerchError } from '../../../client/index.ts'
import { checkPlan, type PlanProblem } from '../../../domain/check-plan.ts'
import { readFloorFile, type FloorFile } from '../../../domain/floor-file.ts'
import { planChanges, type PlanChanges } from '../../../domain/plan-changes.ts'
import type { Floor } from '../../../domain/plan.ts'
import type { FloorView } from '../../../protocol/plan.ts'
import type { Api } from '../../live/api.ts'
import { floorOfView } from './floor-of-view.ts'

/** The floor that a file is for: `before` as it is now, null where it would be a new one. */
export interface Target {
  id: string
  site: string
  name: string
  level: number
  before: FloorView | null
}

/** A file that was read, beside what is there. */
export interface Proposal {
  file: string
  target: Target
  read: Extract<FloorFile, { state: 'read' }>
  changes: PlanChanges
  /** What keeps it from being used, as far as can be told here. */
  problems: readonly PlanProblem[]
}

export type Read =
  | { state: 'read', proposal: Proposal }
  | { state: 'unreadable', file: string, fault: Extract<FloorFile, { state: 'unreadable' }>['fault'] }

export function propose (file: string, text: string, target: Target): Read {
  const before = target.before === null ? null : floorOfView(target.before)
  const read = readFloorFile(text, { ...target, before })
  if (read.state === 'unreadable') return { state: 'unreadable', file, fault: read.fault }
  return { state: 'read', proposal: { file, target, read, changes: planChanges(before, read.floor), problems: checkPlan(read.floor) } }
}

export type Putting =
  | { state: 'done', removed: number }
  /** Claims are in the way, on these spaces. */
  | { state: 'in-use', spaces: readonly string[] }
  | { state: 'invalid', problems: readonly PlanProblem[] }
  /** Somebody else was faster: here is theirs. */
  | { state: 'changed', before: FloorView }
  | { state: 'failed', error: unknown }

/** From the revision that was compared with. `release`: claims in the way end. */
export async function putPlan (api: Api, { target, read: { floor } }: Proposal, release: boolean): Promise<Putting> {
  const path = `/v1/floors/${encodeURIComponent(target.id)}`
  try {
    const { removed } = await api.ask<{ removed: string[] }>('PUT', `${path}${release ? '?release=true' : ''}`, { ...bodyOf(floor), revision: target.before?.revision ?? 0 })
    return { state: 'done', removed: removed.length }
  } catch (error) {
    if (!(error instanceof PerchError)) return { state: 'failed', error }
    switch (error.code) {
      case 'SPACE_IN_USE': return { state: 'in-use', spaces: error.details['spaces'] as string[] }
      case 'PLAN_INVALID': return { state: 'invalid', problems: error.details['problems'] as PlanProblem[] }
      case 'PLAN_CHANGED': return { state: 'changed', before: await api.ask<FloorView>('GET', path) }
      default: return { state: 'failed', error }
    }
  }
}

function bodyOf ({ site, name, level, zones, spaces, plan }: Floor) {
  return { site, name, level, zones, spaces, plan }
}
