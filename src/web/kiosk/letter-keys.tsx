import { language } from '../words/language.ts'
import { LETTERS } from './letters.ts'
import { kioskWords } from './words.ts'
import './keys.css'

export interface LetterKeysProps {
  onKey: (letter: string) => void
  onErase: () => void
}

/** A keyboard of our own: a tablet on a wall shows none. The focus stays in the field. */
export function LetterKeys ({ onKey, onErase }: LetterKeysProps) {
  const words = kioskWords()
  const rows = LETTERS[language.value]
  return (
    <div class='kiosk-letters' role='group' aria-label={words.keys.letters} onPointerDown={event => event.preventDefault()}>
      {rows.map((row, i) => (
        <div key={row} class='kiosk-row'>
          {Array.from(row, letter => <button key={letter} type='button' class='kiosk-key' onClick={() => onKey(letter)}>{letter}</button>)}
          {i === 2 && <button type='button' class='kiosk-key kiosk-key-wide' aria-label={words.keys.erase} onClick={onErase}><Erase /></button>}
        </div>
      ))}
      <div class='kiosk-row'><button type='button' class='kiosk-key kiosk-key-space' onClick={() => onKey(' ')}>{words.keys.space}</button></div>
    </div>
  )
}

/** Decoration: its word is the button's. */
export function Erase () {
  return <svg class='kiosk-erase' viewBox='0 0 32 24' aria-hidden='true'><path d='M10 3h19v18H10L2 12zM15 8l8 8M23 8l-8 8' /></svg>
}
