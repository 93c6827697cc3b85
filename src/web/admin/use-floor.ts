import { useEffect, useMemo, useState } from 'preact/hooks'
import { floorState, type FloorState } from '../live/floor-state.ts'
import { planOf, type FloorPlanned } from '../live/plans.ts'
import { useOffice } from './office.tsx'

export type PlannedFloor =
  | { state: 'asking' }
  | { state: 'refused', error: unknown }
  | { state: 'known', planned: FloorPlanned }

/** A floor as it is now, with its plan in the revision that its spaces stand on. */
export function useFloor (id: string): { live: FloorState, plan: PlannedFloor, ask: () => void } {
  const { api, perch } = useOffice()
  const live = useMemo(() => floorState(perch.watch(id)), [perch, id])
  useEffect(() => () => live.floor.close(), [live])
  const [plan, setPlan] = useState<PlannedFloor>({ state: 'asking' })
  const ask = (): void => { planOf(api, id).then(planned => setPlan({ state: 'known', planned }), (error: unknown) => setPlan({ state: 'refused', error })) }
  useEffect(ask, [id, live.plan.value])
  const shown: PlannedFloor = plan.state === 'known' && plan.planned.floor.id !== id ? { state: 'asking' } : plan
  return { live, plan: shown, ask }
}
