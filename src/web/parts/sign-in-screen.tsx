import { useEffect, useState } from 'preact/hooks'
import { demoPeople, signInAs, waysToSignIn, type DemoPerson } from '../live/sign-in.ts'
import { Button } from './button.tsx'
import { signInWords } from '../words/sign-in.ts'
import './sign-in-screen.css'

/** Where nobody is signed in. On a server for development, as whom one likes. */
export function SignInScreen () {
  const words = signInWords()
  const [people, setPeople] = useState<DemoPerson[]>([])
  useEffect(() => { waysToSignIn().then(async way => setPeople(way === 'development' ? await demoPeople() : [])).catch(() => {}) }, [])
  return (
    <main class='sign-in-screen'>
      <h1>{words.title}</h1>
      <p>{words.demo}</p>
      <ul>{people.map(({ id, name, role }) => <li key={id}><Button onClick={() => { signInAs(id).catch(() => {}) }}>{name}<small>{role}</small></Button></li>)}</ul>
    </main>
  )
}
