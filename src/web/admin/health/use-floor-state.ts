import { useEffect, useMemo } from 'preact/hooks'
import { floorState, type FloorState } from '../../live/floor-state.ts'
import { useOffice } from '../office.tsx'

/** A floor's totals, for how fresh they are: the spaces of a whole house would be much to send for that. */
export function useFloorState (id: string): FloorState {
  const { perch } = useOffice()
  const state = useMemo(() => floorState(perch.watch(id, { audience: 'counts' })), [perch, id])
  useEffect(() => () => state.floor.close(), [state])
  return state
}
