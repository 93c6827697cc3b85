import { session } from '../live/sign-in.ts'
import { SignInScreen } from '../parts/sign-in-screen.tsx'

export function Page () {
  return session.value === null ? <SignInScreen /> : <h1>{session.value.person.name}</h1>
}
