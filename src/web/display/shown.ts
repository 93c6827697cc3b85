import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Device } from '../live/device.ts'
import type { LiveFloor } from './live-floor.ts'
import type { DisplayOptions } from './options.ts'
import { turnAt, turnsOf } from './rotation.ts'
import type { SiteFloors } from './site-floors.ts'

/** The floor whose turn it is. Null: there is none, or nothing is known yet. */
export function useShown (house: SiteFloors, device: Device, options: DisplayOptions, now: ReadonlySignal<number>): ReadonlySignal<LiveFloor | null> {
  const own = useSignal(device.floor)
  const began = useSignal(now.peek())
  // Moved: its own floor is shown at once.
  useEffect(() => {
    own.value = device.floor
    began.value = now.peek()
  }, [device.floor])
  return useComputed(() => {
    const floors = house.floors.value ?? []
    const there = floors.filter(floor => isWorthATurn(floor, floor.id === own.value))
    const turns = turnsOf(there.map(({ id }) => id), own.value, options)
    const id = turnAt(turns, now.value - began.value)
    return there.find(floor => floor.id === id) ?? null
  })
}

/** A floor that cannot be shown is passed over; one's own says why. */
function isWorthATurn (floor: LiveFloor, own: boolean): boolean {
  switch (floor.trouble.value.what) {
    case 'none': return true
    case 'gone':
    case 'refused': return false
    case 'loading':
    case 'unreachable':
    case 'no-plan': return own
  }
}

/** At most so many, around the one that is shown. */
export function floorsAround<Floor> (floors: readonly Floor[], shown: Floor | null, most: number): readonly Floor[] {
  if (floors.length <= most) return floors
  const at = shown === null ? 0 : Math.max(0, floors.indexOf(shown))
  const from = Math.min(floors.length - most, Math.max(0, at - Math.floor(most / 2)))
  return floors.slice(from, from + most)
}
