import { kioskWords } from './words.ts'

/** Mostly for less than a blink: nothing moves. */
export function Waiting () {
  return <p class='kiosk-waiting' role='status'>{kioskWords().moment}</p>
}
