import { useMemo } from 'preact/hooks'
import { qrPath } from '../parts/qr-path.ts'
import { kioskWords } from './words.ts'

/** The floor's map for one's own phone: who scans it is on the map, and can claim there as themselves. */
export function MapCode ({ floor }: { floor: string }) {
  const words = kioskWords()
  const { size, path } = useMemo(() => qrPath(`${location.origin}/map/${encodeURIComponent(floor)}`), [floor])
  return (
    <figure class='kiosk-code'>
      <svg viewBox={`0 0 ${size} ${size}`} role='img' aria-label={words.phoneCode} shape-rendering='crispEdges'><path d={path} /></svg>
      <figcaption>{words.phone}</figcaption>
    </figure>
  )
}
