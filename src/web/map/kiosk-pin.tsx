import { useState } from 'preact/hooks'
import { session } from '../live/sign-in.ts'
import { Button } from '../parts/button.tsx'
import type { OfficeLine } from './office-line.ts'
import { mapWords } from './words/words.ts'

const PIN = /^\d{4,12}$/

/** For who comes to a kiosk without a badge. What it was is not known to anybody; setting it anew also unlocks it. */
export function KioskPin ({ line }: { line: OfficeLine }) {
  const words = mapWords()
  const [pin, setPin] = useState('')
  const [said, setSaid] = useState('')
  const person = session.value?.person.id ?? ''
  const save = (event: Event): void => {
    event.preventDefault()
    if (!PIN.test(pin)) return setSaid(words.pinRule)
    line.api.ask('PUT', `/v1/people/${encodeURIComponent(person)}/pin`, { pin }).then(() => {
      setPin('')
      setSaid(words.pinSaved)
    }, () => setSaid(words.other))
  }
  return (
    <form class='menu-pin' onSubmit={save}>
      <label for='kiosk-pin'>{words.pin}</label>
      <p class='claim-note' id='kiosk-pin-rule'>{words.pinRule}</p>
      <div>
        <input id='kiosk-pin' type='password' inputMode='numeric' autocomplete='off' maxLength={12} value={pin} aria-describedby='kiosk-pin-rule' onInput={event => setPin(event.currentTarget.value)} />
        <Button type='submit'>{words.pinSave}</Button>
      </div>
      <p role='status' class='claim-note'>{said}</p>
    </form>
  )
}
