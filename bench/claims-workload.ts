import { v7 as uuidv7 } from 'uuid'
import { DAY, HOUR } from '../src/domain/time.ts'

/** 20 floors of 60 desks. */
export const FLOORS = 20
export const DESKS_PER_FLOOR = 60
export const SPACES = FLOORS * DESKS_PER_FLOOR
/** Booked before the clock starts, and again while it runs, per space: five a day on four days. */
export const CLAIMS_PER_SPACE = 20
const PER_DAY = 5
/** Nobody books twice at a time: each slot of all spaces has its own people. */
export const PEOPLE = SPACES
/** Races are held on the days behind the bookings. */
const RACE_DAY = CLAIMS_PER_SPACE / PER_DAY

export interface ClaimJob {
  id: string
  space: string
  person: string
  from: string
  to: string
}

export const floorName = (i: number): string => `f${i}`
export const spaceName = (i: number): string => `f${Math.floor(i / DESKS_PER_FLOOR)}-d${i % DESKS_PER_FLOOR}`
export const personName = (i: number): string => `p${i}`

/** The floor that a space is on, as its name tells. */
export const floorOf = (space: string): string => space.slice(0, space.indexOf('-'))

/**
 * One booking of an hour for each space and slot, spaces in turn. `half` 0 fills the even hours of the coming four days, 1 the odd ones between them, so that what is
 * measured finds 20 claims per space, five of them in the record it writes. `spaces`: only the first ones.
 */
export function bookings (now: number, half: 0 | 1, spaces = SPACES): ClaimJob[] {
  return Array.from({ length: spaces * CLAIMS_PER_SPACE }, (_, i) => {
    const [space, slot] = [i % spaces, Math.floor(i / spaces)]
    return job(now, space, space, 24 * Math.floor(slot / PER_DAY) + 2 * (slot % PER_DAY) + half)
  })
}

/**
 * For each of `slots` free hours as many rivals, one right behind the other; every rival wants one space in that hour, so exactly one of each slot's jobs can be granted.
 * Returned in that order: slot by slot.
 */
export function races (now: number, slots: number, rivals: number): ClaimJob[] {
  const perHour = Math.floor(PEOPLE / rivals)
  return Array.from({ length: slots * rivals }, (_, i) => {
    const slot = Math.floor(i / rivals)
    const space = slot % perHour
    return job(now, space, space * rivals + i % rivals, 24 * RACE_DAY + Math.floor(slot / perHour))
  })
}

/** `hour`: counted from tomorrow's midnight in UTC. */
function job (now: number, space: number, person: number, hour: number): ClaimJob {
  const from = Math.floor(now / DAY) * DAY + DAY + hour * HOUR
  return { id: uuidv7(), space: spaceName(space), person: personName(person), from: moment(from), to: moment(from + HOUR) }
}

const moment = (at: number): string => new Date(at).toISOString().slice(0, 19) + 'Z'
