import { useEffect, useState } from 'preact/hooks'
import { demoPeople, signInAs, type SignedIn } from '../live/sign-in.ts'
import { commonWords } from '../words/common.ts'
import { signInWords } from '../words/sign-in.ts'
import { Button } from './button.tsx'
import { peopleToTry } from './people-to-try.ts'

type Known = { state: 'asking' } | { state: 'away' } | { state: 'known', people: readonly SignedIn[] }

/** On one screen. */
const MOST = 10

/** As whom one may try the demo. */
export function DemoPeople () {
  const words = signInWords()
  const [known, setKnown] = useState<Known>({ state: 'asking' })
  const [search, setSearch] = useState('')
  const look = (): void => { demoPeople().then(people => setKnown({ state: 'known', people }), () => setKnown({ state: 'away' })) }
  useEffect(look, [])
  if (known.state === 'asking') return <p role='status'>{commonWords().loading}</p>
  if (known.state === 'away') return <><p role='alert'>{words.serverAway}</p><Button look='main' onClick={look}>{commonWords().tryAgain}</Button></>
  const found = peopleToTry(known.people, search)
  const shown = found.slice(0, MOST)
  const become = (id: string): void => { signInAs(id).catch(() => setKnown({ state: 'away' })) }
  return (
    <>
      <input class='field' type='search' aria-label={words.search} placeholder={words.search} value={search} onInput={event => setSearch(event.currentTarget.value)} autocomplete='off' />
      {shown.length === 0 && <p role='status'>{words.nobody}</p>}
      <ul>{shown.map(somebody => <li key={somebody.id}><Somebody somebody={somebody} onChoose={() => become(somebody.id)} /></li>)}</ul>
      {found.length > MOST && <p role='status'>{words.others(found.length - MOST)}</p>}
    </>
  )
}

function Somebody ({ somebody: { name, role, site }, onChoose }: { somebody: SignedIn, onChoose: () => void }) {
  const words = signInWords()
  return <Button onClick={onChoose}><span>{name}</span><small>{site === null ? words.role[role] : words.roleAt(words.role[role], site)}</small></Button>
}
