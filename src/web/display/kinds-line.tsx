import { StatusMark } from '../parts/status-mark.tsx'
import type { Occupancy } from './occupancy.ts'
import { displayWords } from './words.ts'
import './kinds-line.css'

/** Whatever a floor has beside desks, each with how many of them are free. */
export function KindsLine ({ others }: { others: Occupancy['others'] }) {
  const words = displayWords()
  // Seats whose sensors all say nothing are neither free nor taken.
  const told = others.filter(({ sort, tally: { free, brief, reserved, occupied } }) => sort !== 'seat' || free + brief + reserved + occupied > 0)
  if (told.length === 0) return null
  return (
    <ul class='display-kinds'>
      {told.map(({ sort, tally: { free, brief, total } }) => (
        <li key={sort}><StatusMark status={free + brief > 0 ? 'free' : 'occupied'} /><strong>{words.sorts[sort]}</strong> {words.ofFree(free + brief, total)}</li>
      ))}
    </ul>
  )
}
