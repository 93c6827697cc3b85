import type { Reading, SpaceRecord } from './space.ts'

export const STATUSES = ['free', 'reserved', 'occupied', 'blocked', 'unknown'] as const
export type Status = typeof STATUSES[number]

/** What made the status: nothing, for a free space. */
export type StatusSource = 'claim' | 'reading' | 'block'

/** A reading that still says something. */
export function isFresh (reading: Reading | null): reading is Reading {
  return reading !== null && reading.staleAt !== null && reading.value !== 'unknown'
}

/** The first that fits: blocked, occupied, reserved, unknown, free. */
export function statusOf (space: SpaceRecord): { status: Status, by: StatusSource | null } {
  if (space.block !== null) return { status: 'blocked', by: 'block' }
  if (space.current?.claim.life.state === 'present') return { status: 'occupied', by: 'claim' }
  if (isFresh(space.reading) && space.reading.value === 'occupied' && (space.reading.marks || space.sensorOnly)) {
    return { status: 'occupied', by: 'reading' }
  }
  if (space.current !== null) return { status: 'reserved', by: 'claim' }
  if (space.sensorOnly && !isFresh(space.reading)) return { status: 'unknown', by: null }
  return { status: 'free', by: null }
}
