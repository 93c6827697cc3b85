import type { Status } from '../../domain/status.ts'
import './status-mark.css'

/** What stands for a status, as on the plan: told apart by shape first. Decoration: its word stands beside it. */
export function StatusMark ({ status }: { status: Status }) {
  return <svg class={`status-mark status-mark-${status}`} viewBox='0 0 16 16' aria-hidden='true'>{shapeOf(status)}</svg>
}

function shapeOf (status: Status) {
  switch (status) {
    case 'free':
      return <circle cx='8' cy='8' r='5.5' class='ring' />
    case 'reserved':
      return <><circle cx='8' cy='8' r='5.5' class='ring' /><path d='M8 2.5a5.5 5.5 0 0 0 0 11z' class='disc' /></>
    case 'occupied':
      return <circle cx='8' cy='8' r='6.5' class='disc' />
    case 'blocked':
      return <path d='M3 3l10 10M13 3L3 13' class='ring' />
    case 'unknown':
      return <circle cx='8' cy='8' r='5.5' class='ring dotted' />
  }
}
