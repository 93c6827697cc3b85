import type { Tally } from './occupancy.ts'
import './bar.css'

/** How full something is, beside its number: decoration for who hears the page. */
export function Bar ({ tally }: { tally: Tally }) {
  const parts = [['free', tally.free], ['brief', tally.brief], ['reserved', tally.reserved], ['occupied', tally.occupied], ['away', tally.total - tally.free - tally.brief - tally.reserved - tally.occupied]] as const
  return (
    <span class='display-bar' aria-hidden='true'>
      {parts.map(([name, count]) => <span key={name} class={`display-bar-part display-bar-${name}`} style={{ flexGrow: count }} hidden={count === 0} />)}
    </span>
  )
}
