import { signal, type ReadonlySignal } from '@preact/signals'
import type { Role } from '../../domain/role.ts'
import type { WhoView } from '../../protocol/people.ts'
import { Api } from './api.ts'
import { stored } from './stored.ts'

/** Who is signed in, as far as a page wants to know. */
export interface SignedIn {
  id: string
  name: string
  role: Role
  /** The one that the role is for; null: all. */
  site: string | null
}

export interface Session {
  token: string
  person: SignedIn
}

const kept = stored(() => sessionStorage, 'perch.session')
/** Unix milliseconds of this device, when the token came. */
const keptSince = stored(() => sessionStorage, 'perch.session.since')

const current = signal<Session | null>(JSON.parse(kept.get() ?? 'null') as Session | null)
const leftSignal = signal<'never' | 'signed-out' | 'over'>('never')
let since = Number(keptSince.get() ?? Date.now())

/** Who is signed in in this window; null: nobody. */
export const session: ReadonlySignal<Session | null> = current

/** Why nobody is signed in: nobody was, they wished so, or their token ended and there was no other. */
export const left: ReadonlySignal<'never' | 'signed-out' | 'over'> = leftSignal

/** Milliseconds since its token came. */
export function sessionAgeMs (): number {
  return Date.now() - since
}

/** `keep`: also when the page is loaded anew in this window. A token of a page around this one is never kept: that page has it. */
export function become (next: Session, { keep = true }: { keep?: boolean } = {}): void {
  since = Date.now()
  kept.set(keep ? JSON.stringify(next) : null)
  keptSince.set(keep ? String(since) : null)
  current.value = next
}

export function leave (why: 'signed-out' | 'over'): void {
  kept.set(null)
  keptSince.set(null)
  leftSignal.value = why
  current.value = null
}

/** As whom that token comes in. @throws PerchError: UNAUTHENTICATED where it does not */
export async function sessionOf (token: string): Promise<Session> {
  const { id, name, person, role, site } = await new Api(() => token).ask<WhoView>('GET', '/v1/whoami')
  return { token, person: { id: person ?? id, name: name ?? person ?? id, role, site } }
}
