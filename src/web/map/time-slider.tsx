import { useRef } from 'preact/hooks'
import { timeText } from '../time/site-time.ts'
import { hourMarks } from './day.ts'
import { movedFrom, movedTo, STEP_MS, wishAt, type Bar, type Wish } from './time-bar.ts'
import { mapWords } from './words/words.ts'
import './time-slider.css'

export interface TimeSliderProps {
  bar: Bar
  wish: Wish | null
  zone: string
  longestStayMs: number
  /** There is a now in it. */
  today: boolean
  onWish: (wish: Wish) => void
}

type End = 'from' | 'to'

const HOUR_STEPS = 4
/** More hours than that have no room for their figures on a phone. */
const MOST_MARKS = 6

/** A day as a bar: what is taken, now, and two ends that can be dragged, or moved by the keyboard in quarters of an hour. */
export function TimeSlider ({ bar, wish, zone, longestStayMs, today, onWish }: TimeSliderProps) {
  const words = mapWords()
  const track = useRef<HTMLDivElement>(null)
  const dragged = useRef<End | null>(null)
  const share = (at: number): string => `${Math.max(0, Math.min(100, (at - bar.from) / (bar.to - bar.from) * 100))}%`
  const between = (from: number, to: number) => ({ left: share(from), width: `${(Math.min(to, bar.to) - Math.max(from, bar.from)) / (bar.to - bar.from) * 100}%` })
  const policy = { longestStayMs }
  const move = (end: End, at: number): void => {
    if (wish !== null) onWish(end === 'from' ? movedFrom(bar, wish, at) : movedTo(bar, wish, at, policy))
  }
  const timeAt = (clientX: number): number => {
    const box = track.current?.getBoundingClientRect()
    return box === undefined ? bar.from : bar.from + (clientX - box.left) / box.width * (bar.to - bar.from)
  }
  const press = (event: PointerEvent): void => {
    const at = timeAt(event.clientX)
    const from = wish?.from ?? bar.now
    if (wish === null || at < from - 2 * STEP_MS || at > wish.to + 2 * STEP_MS) {
      const next = wishAt(bar, at, policy)
      if (next !== null) onWish(next)
      return
    }
    dragged.current = Math.abs(at - from) < Math.abs(at - wish.to) ? 'from' : 'to'
    track.current?.setPointerCapture(event.pointerId)
    move(dragged.current, at)
  }
  const key = (end: End) => (event: KeyboardEvent): void => {
    if (wish === null) return
    const at = end === 'from' ? Math.ceil((wish.from ?? bar.now) / STEP_MS) * STEP_MS : wish.to
    const to = targetOf(event.key, at, bar)
    if (to === null) return
    event.preventDefault()
    move(end, end === 'from' && wish.from === null && to > at ? Math.max(to - STEP_MS, Math.floor(bar.now / STEP_MS) * STEP_MS + STEP_MS) : to)
  }
  const fromText = wish === null ? '' : wish.from === null ? words.now : timeText(wish.from, zone)
  return (
    <div class='time-slider' role='group' aria-label={words.when}>
      <div
        ref={track} class='time-track'
        onPointerDown={press} onPointerMove={event => { if (dragged.current !== null) move(dragged.current, timeAt(event.clientX)) }}
        onPointerUp={() => { dragged.current = null }} onPointerCancel={() => { dragged.current = null }}
      >
        {today && bar.now > bar.from && <span class='time-past' style={between(bar.from, bar.now)} />}
        {bar.parts.map(({ kind, from, to }) => <span key={`${kind}${from}`} class={`time-part time-${kind}`} style={between(from, to)} title={kind === 'mine' ? words.yours : words[kind]} />)}
        {wish !== null && <span class='time-wish' style={between(wish.from ?? bar.now, wish.to)} />}
        {today && bar.now >= bar.from && bar.now <= bar.to && <span class='time-now' style={{ left: share(bar.now) }} />}
        {wish !== null && (['from', 'to'] as const).map(end => {
          const at = end === 'from' ? wish.from ?? bar.now : wish.to
          return (
            <span
              key={end} class='time-handle' role='slider' tabIndex={0} style={{ left: share(at) }} onKeyDown={key(end)}
              aria-label={end === 'from' ? words.begins : words.ends} aria-valuemin={Math.round(bar.from / 1000)} aria-valuemax={Math.round(bar.to / 1000)} aria-valuenow={Math.round(at / 1000)}
              aria-valuetext={end === 'from' ? fromText : timeText(at, zone)}
            />
          )
        })}
      </div>
      <div class='time-hours' aria-hidden='true'>{hourMarks(bar, MOST_MARKS).map(at => <span key={at} class={at === bar.from ? 'is-first' : at === bar.to ? 'is-last' : ''} style={{ left: share(at) }}>{timeText(at, zone).slice(0, 2)}</span>)}</div>
    </div>
  )
}

function targetOf (key: string, at: number, bar: Bar): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return at - STEP_MS
    case 'ArrowRight':
    case 'ArrowUp':
      return at + STEP_MS
    case 'PageDown':
      return at - HOUR_STEPS * STEP_MS
    case 'PageUp':
      return at + HOUR_STEPS * STEP_MS
    case 'Home':
      return bar.from
    case 'End':
      return bar.to
    default:
      return null
  }
}
