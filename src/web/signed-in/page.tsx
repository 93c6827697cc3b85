import { useEffect, useState } from 'preact/hooks'
import { PerchError } from '../../client/index.ts'
import { finishSignIn, isRefusal, NotOurs } from '../live/oidc.ts'
import { pageSettings } from '../live/page-settings.ts'
import { become, sessionOf } from '../live/session.ts'
import { signInWords } from '../words/sign-in.ts'
import '../parts/button.css'
import '../parts/sign-in-screen.css'

type Trouble = 'refused' | 'notOurs' | 'notAccepted' | 'issuerAway' | 'serverAway' | 'failed'

/** Where the issuer sends people back to: on to where they were. */
export function Page () {
  const words = signInWords()
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  useEffect(() => {
    finish().catch((error: unknown) => {
      // What exactly the issuer or its answer lacks is for whoever sets it up, in their own browser.
      console.warn(error)
      setTrouble(troubleOf(error))
    })
  }, [])
  if (trouble === null) return <main class='sign-in-screen'><p role='status'>{words.finishing}</p></main>
  return <main class='sign-in-screen'><h1>{words.failed}</h1>{trouble !== 'failed' && <p role='alert'>{words[trouble]}</p>}<a class='button button-main' href='/map/'>{words.signIn}</a></main>
}

async function finish (): Promise<void> {
  const answer = new URLSearchParams(location.search)
  // Neither the address bar nor the history keeps the code.
  history.replaceState(null, '', location.pathname)
  const { signIn } = await pageSettings()
  if (signIn.way !== 'oidc') throw new NotOurs()
  const { token, back } = await finishSignIn(signIn, answer)
  become(await sessionOf(token))
  location.replace(back)
}

function troubleOf (error: unknown): Trouble {
  if (error instanceof NotOurs) return 'notOurs'
  if (isRefusal(error)) return 'refused'
  if (error instanceof PerchError) return error.code === 'UNAUTHENTICATED' ? 'notAccepted' : 'serverAway'
  return error instanceof TypeError || error instanceof DOMException ? 'issuerAway' : 'failed'
}
