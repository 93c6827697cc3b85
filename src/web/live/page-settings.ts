import { Api } from './api.ts'

/** How people come by a token here; as the server tells it. */
export type WayToSignIn =
  | { way: 'development' }
  | OidcWay
  | { way: 'none' }

export interface OidcWay {
  way: 'oidc'
  issuer: string
  /** Of the pages, at the issuer. */
  client: string
  scope: string
  audience: string
}

export interface PageSettings {
  signIn: WayToSignIn
  /** Whose pages may frame the map, and say who looks at it. */
  embedOrigins: readonly string[]
}

const open = new Api(() => null)
let asked: Promise<PageSettings> | null = null

/** What the server tells its pages. Asked once; after a failure anew. @throws PerchError */
export async function pageSettings (): Promise<PageSettings> {
  asked ??= open.ask<PageSettings>('GET', '/pages.json')
  asked.catch(() => { asked = null })
  return await asked
}
