import { useRef, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { planWords } from '../words/plans.ts'

export interface DropZoneProps {
  onFile: (name: string, text: string) => void
  /** It could not be read as text. */
  onUnread: (name: string) => void
}

/** A file is dropped here, or chosen by a button. */
export function DropZone ({ onFile, onUnread }: DropZoneProps) {
  const words = planWords()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const take = (file: File | undefined): void => {
    if (file !== undefined) file.text().then(text => onFile(file.name, text), () => onUnread(file.name))
  }
  return (
    <div
      class={`drop-zone ${over ? 'drop-zone-over' : ''}`}
      onDragOver={event => { event.preventDefault(); setOver(true) }}
      onDragLeave={() => setOver(false)}
      onDrop={event => { event.preventDefault(); setOver(false); take(event.dataTransfer?.files[0]) }}
    >
      <p>{words.dropHere}</p>
      <Button onClick={() => input.current?.click()}>{words.chooseFile}</Button>
      <input
        ref={input} type='file' accept='.json,.geojson,application/geo+json,application/json' hidden
        onChange={event => { take(event.currentTarget.files?.[0]); event.currentTarget.value = '' }}
      />
      <p class='admin-hint'>{words.dropHow}</p>
    </div>
  )
}
