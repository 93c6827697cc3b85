import { useEffect, useState } from 'preact/hooks'
import type { AuditEntryView, AuditReply } from '../../protocol/answers.ts'
import type { PersonView } from '../../protocol/people.ts'
import { session, signOut } from '../live/sign-in.ts'
import { Button } from '../parts/button.tsx'
import { Legend } from '../parts/legend.tsx'
import { language, LANGUAGE_NAMES, LANGUAGES } from '../words/language.ts'
import { KioskPin } from './kiosk-pin.tsx'
import type { OfficeLine } from './office-line.ts'
import { embedded } from './visit.ts'
import { whenText } from './when-text.ts'
import { mapWords } from './words/words.ts'
import './menu.css'

/** What people set for themselves, and what concerns them: who sees their name, who looked them up. */
export function Menu ({ line, zone }: { line: OfficeLine, zone: string }) {
  const words = mapWords()
  return (
    <section class='panel-part menu' aria-labelledby='menu-title'>
      <h2 id='menu-title' tabIndex={-1}>{words.menu}</h2>
      <p class='claim-note'>{words.signedInAs(session.value?.person.name ?? '')}</p>
      <Visibility line={line} />
      {!embedded && <KioskPin line={line} />}
      <LookUps line={line} zone={zone} />
      <fieldset class='menu-choice'>
        <legend>{words.language}</legend>
        {LANGUAGES.map(tag => <label key={tag} lang={tag}><input type='radio' name='language' checked={language.value === tag} onChange={() => { language.value = tag }} />{LANGUAGE_NAMES[tag]}</label>)}
      </fieldset>
      <div>
        <h3>{words.legend}</h3>
        <Legend />
      </div>
      {!embedded && <Button onClick={signOut}>{words.signOut}</Button>}
    </section>
  )
}

function Visibility ({ line }: { line: OfficeLine }) {
  const words = mapWords()
  const [visibility, setVisibility] = useState<PersonView['visibility'] | null>(null)
  const [said, setSaid] = useState('')
  useEffect(() => { line.api.ask<PersonView>('GET', '/v1/me').then(me => setVisibility(me.visibility), () => {}) }, [line])
  if (visibility === null) return null
  const choose = (next: PersonView['visibility']): void => {
    setVisibility(next)
    setSaid('')
    line.api.ask<PersonView>('PUT', '/v1/me', { visibility: next }).then(() => setSaid(words.nameSaved), () => {
      setVisibility(visibility)
      setSaid(words.other)
    })
  }
  return (
    <fieldset class='menu-choice'>
      <legend>{words.myName}</legend>
      <label><input type='radio' name='visibility' checked={visibility === 'everyone'} onChange={() => choose('everyone')} />{words.nameEveryone}</label>
      <label><input type='radio' name='visibility' checked={visibility === 'hidden'} onChange={() => choose('hidden')} />{words.nameHidden}</label>
      <p role='status' class='claim-note'>{said}</p>
    </fieldset>
  )
}

/** Who manages people can look at somebody's claims; here that somebody is told. */
function LookUps ({ line, zone }: { line: OfficeLine, zone: string }) {
  const words = mapWords()
  const [entries, setEntries] = useState<readonly AuditEntryView[] | null>(null)
  const look = (event: Event): void => {
    if (!(event.currentTarget as HTMLDetailsElement).open) return
    line.api.ask<AuditReply>('GET', '/v1/me/look-ups').then(answer => setEntries(answer.entries), () => setEntries(null))
  }
  return (
    <details onToggle={look}>
      <summary>{words.whoLooked}</summary>
      {entries !== null && entries.length === 0 && <p class='claim-note'>{words.nobodyLooked}</p>}
      <ul>{entries?.map((entry, i) => <li key={i}>{words.lookedAt(whoOf(entry.by, words.somebody), whenText(entry.at, line.now.value, zone))}</li>)}</ul>
    </details>
  )
}

/** `person:anna` is anna; who that was may not be known any more. */
function whoOf (by: string, somebody: string): string {
  const [, name = ''] = /^(?:person|key|device):(.+)$/.exec(by) ?? []
  return name === '' ? somebody : name
}
