import { numberText } from '../words/common.ts'
import './rolling-number.css'

/** A number that rolls when it changes. Null: not known. */
export function RollingNumber ({ value }: { value: number | null }) {
  return <span class='display-number'><span key={value} class='display-number-now'>{value === null ? '–' : numberText(value)}</span></span>
}
