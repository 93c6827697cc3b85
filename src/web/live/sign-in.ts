import { signal, type ReadonlySignal } from '@preact/signals'
import { PerchError } from '../../client/index.ts'
import { Api } from './api.ts'
import { isFramed, openHostPage, type HostPage } from './host-page.ts'
import { pageSettings, type OidcWay } from './page-settings.ts'
import { become, leave, session, sessionAgeMs, sessionOf, type Session, type SignedIn } from './session.ts'
import { tokenAge } from './token-life.ts'

export { left, session, type Session, type SignedIn } from './session.ts'

/** How somebody can sign in to this page, here and now. `embedded`: the page around this one says who looks at it. */
export type WayHere = { way: 'development' } | OidcWay | { way: 'embedded' } | { way: 'none' }

/** Without credentials, for signing in. */
const open = new Api(() => null)
/** A page around this one that does not answer in this time has nothing to say. */
const HOST_MS = 5_000

let host: HostPage | null = null
let renewing: Promise<string | null> | null = null
const hostSilent = signal(false)

/** The page around this one was asked and has not answered. */
export const isHostSilent: ReadonlySignal<boolean> = hostSilent

/** @throws PerchError */
export async function wayHere (): Promise<WayHere> {
  const { signIn, embedOrigins } = await pageSettings()
  return isFramed() && embedOrigins.length > 0 ? { way: 'embedded' } : signIn
}

export async function demoPeople (): Promise<SignedIn[]> {
  return (await open.ask<{ people: SignedIn[] }>('GET', '/dev/people')).people
}

export async function signInAs (person: string): Promise<void> {
  const { token, person: somebody } = await open.ask<Session>('POST', '/dev/sign-in', { person })
  become({ token, person: somebody })
}

/** Goes to the issuer and comes back here. @throws where that is out of reach */
export async function signInAt (way: OidcWay): Promise<void> {
  const { signInByRedirect } = await import('./oidc.ts')
  await signInByRedirect(way, location.pathname + location.search)
}

/** Asks the page around this one, and listens to it from now on. */
export async function signInByHost (): Promise<void> {
  const { embedOrigins } = await pageSettings()
  host ??= openHostPage(embedOrigins, token => { takeFromHost(token).catch(() => {}) })
  hostSilent.value = false
  host.ask()
  setTimeout(() => { hostSilent.value = session.value === null }, HOST_MS)
}

/** For Perch's calls and connections: one that lasts a while yet, got anew where it does not. Null: nobody is signed in, or no more. */
export async function token (): Promise<string | null> {
  const now = session.value
  if (now === null || tokenAge(now.token, sessionAgeMs()) === 'fresh') return now?.token ?? null
  renewing ??= renew(now).finally(() => { renewing = null })
  return await renewing
}

/** The server does not take the token any more. */
export function sessionOver (): void {
  leave('over')
}

export function signOut (): void {
  leave('signed-out')
  import('./oidc.ts').then(({ forgetTokens }) => forgetTokens(), () => {})
}

async function renew (before: Session): Promise<string | null> {
  try {
    return await renewed(before)
  } catch {
    // The old one does as long as it lasts; whoever needs it then is told that it does not.
    if (tokenAge(before.token, sessionAgeMs()) === 'old') return before.token
    if (session.value === before) leave('over')
    return null
  }
}

async function renewed (before: Session): Promise<string> {
  const way = await wayHere()
  switch (way.way) {
    case 'oidc': {
      const { renewToken } = await import('./oidc.ts')
      const fresh = await renewToken(way)
      // Signed out meanwhile: so it stays.
      if (session.value === before) become({ ...before, token: fresh })
      return fresh
    }
    case 'embedded':
      return await fromHost(before)
    case 'development':
    case 'none':
      throw new Error('there is no other token to be had')
  }
}

async function fromHost (before: Session): Promise<string> {
  await signInByHost()
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => { stop(); reject(new Error('the page around this one does not answer')) }, HOST_MS)
    const stop = session.subscribe(now => {
      if (now === null || now === before) return
      clearTimeout(timer)
      resolve(now.token)
      queueMicrotask(() => stop())
    })
  })
}

async function takeFromHost (token: string): Promise<void> {
  try {
    become(await sessionOf(token), { keep: false })
    hostSilent.value = false
  } catch (error) {
    host?.refuse(error instanceof PerchError ? error.code : 'UNAVAILABLE')
  }
}
