import { useEffect, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import type { TimeLeft } from './patience.ts'
import { kioskWords } from './words.ts'
import './idle-ring.css'

/** Milliseconds before the end at which somebody who reads slowly is asked. */
const ASK_MS = 6_000

/** How long this stays on the screen. Any touch begins it anew. */
export function IdleRing ({ left, onMore }: { left: TimeLeft, onMore: () => void }) {
  const words = kioskWords()
  const [asks, setAsks] = useState(false)
  useEffect(() => {
    setAsks(false)
    const timer = setTimeout(() => setAsks(true), left.lastsMs - ASK_MS)
    return () => clearTimeout(timer)
  }, [left])
  return (
    <>
      <div class='heard' role='status'>{asks && words.stillThere}</div>
      {asks && <div class='kiosk-still'><p aria-hidden='true'>{words.stillThere}</p><Button onClick={onMore}>{words.moreTime}</Button></div>}
      <svg class='kiosk-ring' viewBox='0 0 40 40' aria-hidden='true'>
        <circle cx='20' cy='20' r='16' />
        <circle key={left.endsAt} class='kiosk-ring-left' cx='20' cy='20' r='16' pathLength={1} style={{ animationDuration: `${left.lastsMs}ms` }} />
      </svg>
    </>
  )
}
