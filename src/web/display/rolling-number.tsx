import { useRef } from 'preact/hooks'
import { numberText } from '../words/common.ts'
import './rolling-number.css'

/** A number that rolls when it changes. Null: not known. `of`: what it is a number of: that of another thing is no change. */
export function RollingNumber ({ value, of }: { value: number | null, of: string }) {
  const before = useRef({ value, of, rolls: false })
  if (before.current.value !== value || before.current.of !== of) before.current = { value, of, rolls: before.current.of === of && before.current.value !== null }
  return <span class='display-number'><span key={value} class={before.current.rolls ? 'display-number-rolls' : ''}>{value === null ? '–' : numberText(value)}</span></span>
}
