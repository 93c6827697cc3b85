import { useEffect, useMemo, useState } from 'preact/hooks'
import { PerchError } from '../../client/index.ts'
import { floorState, type FloorState } from '../live/floor-state.ts'
import type { FloorPlanned } from '../live/plans.ts'
import type { OfficeLine } from './office-line.ts'

/** `unknown`: there is none of that name, or none that one may see. */
export type FloorPlan =
  | { state: 'coming' }
  | { state: 'unreachable' }
  | { state: 'unknown' }
  | { state: 'there', planned: FloorPlanned }

export interface WatchedFloor {
  live: FloorState
  plan: FloorPlan
}

/** Milliseconds until a plan that could not be had is asked for again. */
const AGAIN_MS = 3_000
const NONE: ReadonlyArray<string> = ['FLOOR_UNKNOWN', 'NOT_FOUND', 'FORBIDDEN', 'BAD_REQUEST']

/** A floor and its plan. Both are asked for at the same time, and the plan again when its revision is another one. */
export function useFloor (line: OfficeLine, id: string): WatchedFloor {
  const live = useMemo(() => floorState(line.perch.watch(id)), [line, id])
  useEffect(() => () => live.floor.close(), [live])
  const [plan, setPlan] = useState<{ id: string, plan: FloorPlan }>({ id, plan: { state: 'coming' } })
  const [turn, setTurn] = useState(0)
  const revision = live.plan.value
  useEffect(() => {
    let isWanted = true
    let timer = 0
    const ask = async (): Promise<void> => {
      try {
        const planned = await line.atlas.plan(id, revision)
        if (isWanted) setPlan({ id, plan: { state: 'there', planned } })
      } catch (error) {
        if (!isWanted) return
        const isNone = error instanceof PerchError && NONE.includes(error.code)
        setPlan(before => before.id === id && before.plan.state === 'there' ? before : { id, plan: { state: isNone ? 'unknown' : 'unreachable' } })
        if (!isNone) timer = window.setTimeout(() => setTurn(turn + 1), AGAIN_MS)
      }
    }
    ask()
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [line, id, revision, turn])
  return { live, plan: plan.id === id ? plan.plan : { state: 'coming' } }
}
