import { useEffect, useState } from 'preact/hooks'
import type { OidcWay } from '../live/page-settings.ts'
import { isHostSilent, left, signInAt, signInByHost, wayHere, type WayHere } from '../live/sign-in.ts'
import { commonWords } from '../words/common.ts'
import { signInWords } from '../words/sign-in.ts'
import { Button } from './button.tsx'
import { DemoPeople } from './demo-people.tsx'
import { LanguageChoice } from './language-choice.tsx'
import './sign-in-screen.css'

type Shown = WayHere | { way: 'asking' } | { way: 'away' }

/** Where nobody is signed in: the way in that this server and place have. */
export function SignInScreen () {
  const [shown, setShown] = useState<Shown>({ way: 'asking' })
  const look = (): void => { wayHere().then(setShown, () => setShown({ way: 'away' })) }
  useEffect(look, [])
  return (
    <main class='sign-in-screen'>
      <WayIn shown={shown} look={look} />
      <LanguageChoice />
    </main>
  )
}

function WayIn ({ shown, look }: { shown: Shown, look: () => void }) {
  const words = signInWords()
  switch (shown.way) {
    case 'asking':
      return <p role='status'>{commonWords().loading}</p>
    case 'away':
      return <><h1>{words.serverAway}</h1><Button look='main' onClick={look}>{commonWords().tryAgain}</Button></>
    case 'development':
      return <><h1>{words.title}</h1><p>{words.demo}</p><DemoPeople /></>
    case 'oidc':
      return <WithAccount way={shown} />
    case 'embedded':
      return <ByHost />
    case 'none':
      return <><h1>{words.noWay}</h1><p>{words.noWayHow}</p></>
  }
}

function WithAccount ({ way }: { way: OidcWay }) {
  const words = signInWords()
  const [state, setState] = useState<'ready' | 'going' | 'away'>('ready')
  const go = (): void => {
    setState('going')
    signInAt(way).catch(() => setState('away'))
  }
  const why = left.value
  return (
    <>
      <h1>{words.title}</h1>
      <p role='status'>{why === 'over' ? words.over : why === 'signed-out' ? words.signedOut : words.withAccount}</p>
      {state === 'away' && <p role='alert' class='trouble'>{words.issuerAway}</p>}
      <Button look='main' disabled={state === 'going'} onClick={go}>{words.signIn}</Button>
    </>
  )
}

function ByHost () {
  const words = signInWords()
  useEffect(() => { signInByHost().catch(() => {}) }, [])
  return <p role='status'>{isHostSilent.value ? words.hostSilent : words.waitingForHost}</p>
}
