import encodeQR from 'qr'
import { useMemo } from 'preact/hooks'
import { kioskWords } from './words.ts'

/** The floor's map for one's own phone: who scans it is on the map, and can claim there as themselves. */
export function MapCode ({ floor }: { floor: string }) {
  const words = kioskWords()
  const { size, path } = useMemo(() => codePath(`${location.origin}/map/${encodeURIComponent(floor)}`), [floor])
  return (
    <figure class='kiosk-code'>
      <svg viewBox={`0 0 ${size} ${size}`} role='img' aria-label={words.phoneCode} shape-rendering='crispEdges'><path d={path} /></svg>
      <figcaption>{words.phone}</figcaption>
    </figure>
  )
}

/** With the quiet border that readers want. */
function codePath (text: string): { size: number, path: string } {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 2 })
  return { size: rows.length, path: rows.flatMap((row, y) => row.flatMap((dark, x) => dark ? [`M${x} ${y}h1v1h-1z`] : [])).join('') }
}
