import { signal, type ReadonlySignal } from '@preact/signals'
import { Api } from './api.ts'
import { stored } from './stored.ts'

/** Somebody as whom the demo can be tried. */
export interface DemoPerson {
  id: string
  name: string
  role: string
  site: string | null
}

export interface Session {
  token: string
  person: DemoPerson
}

const kept = stored(() => sessionStorage, 'perch.session')
const current = signal<Session | null>(JSON.parse(kept.get() ?? 'null') as Session | null)

/** Who is signed in in this window; null: nobody. */
export const session: ReadonlySignal<Session | null> = current

/** Without credentials, for signing in. */
const open = new Api(() => null)

/** `none`: tokens come from whoever shows this page in a frame, or not at all. */
export async function waysToSignIn (): Promise<'development' | 'none'> {
  return (await open.ask<{ signIn: 'development' | 'none' }>('GET', '/pages.json')).signIn
}

export async function demoPeople (): Promise<DemoPerson[]> {
  return (await open.ask<{ people: DemoPerson[] }>('GET', '/dev/people')).people
}

export async function signInAs (person: string): Promise<void> {
  become(await open.ask<Session>('POST', '/dev/sign-in', { person }))
}

export function signOut (): void {
  become(null)
}

function become (next: Session | null): void {
  kept.set(next === null ? null : JSON.stringify(next))
  current.value = next
}
