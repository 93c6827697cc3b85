import * as oauth from 'oauth4webapi'
import type { OidcWay } from './page-settings.ts'
import { stored } from './stored.ts'

/** What is remembered of a question to the issuer until its answer comes; without it, an answer is none of ours. */
interface Flow {
  state: string
  nonce: string
  verifier: string
}

interface Tokens {
  token: string
  refresh: string | null
}

const underWay = stored(() => sessionStorage, 'perch.signing-in')
const keptRefresh = stored(() => sessionStorage, 'perch.refresh')

/** Seconds by which the clocks of device and issuer may differ. */
const TOLERANCE_S = 60
/** An issuer that does not answer a hidden frame in this time wants to see the person. */
const SILENT_MS = 10_000
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Where the issuer sends people back to, and what has to be registered there. */
const redirectUri = (): string => `${location.origin}/signed-in`

/** Goes to the issuer; the way leads back to `back`, a path of ours. @throws where the issuer is out of reach */
export async function signInByRedirect (way: OidcWay, back: string): Promise<void> {
  const { url, flow } = await question(way)
  underWay.set(JSON.stringify({ ...flow, back }))
  location.assign(url)
}

/**
 * What the issuer answered. The state of an answer that this window did not ask for is refused, and so is one that comes twice.
 * @throws oauth.AuthorizationResponseError where the issuer said no; NotOurs; what fetch throws where it is out of reach
 */
export async function finishSignIn (way: OidcWay, answer: URLSearchParams): Promise<{ token: string, back: string }> {
  const text = underWay.get()
  underWay.set(null)
  if (text === null) throw new NotOurs()
  const { back, ...flow } = JSON.parse(text) as Flow & { back: string }
  if (answer.get('state') !== flow.state) throw new NotOurs()
  const { token, refresh } = await exchange(way, answer, flow)
  keptRefresh.set(refresh)
  return { token, back }
}

/** An answer to a question that this window did not ask. */
export class NotOurs extends Error {}

/** The issuer said no, in words that are for logs. */
export function isRefusal (error: unknown): boolean {
  return error instanceof oauth.AuthorizationResponseError
}

/** Another token for whoever is signed in, without asking them. @throws where there is none to be had */
export async function renewToken (way: OidcWay): Promise<string> {
  const refresh = keptRefresh.get()
  const { token, refresh: next } = refresh === null ? await bySilence(way) : await byRefresh(way, refresh)
  keptRefresh.set(next)
  return token
}

export function forgetTokens (): void {
  keptRefresh.set(null)
  underWay.set(null)
}

async function byRefresh (way: OidcWay, refresh: string): Promise<Tokens> {
  const [as, client] = [await serverOf(way), clientOf(way)]
  const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), refresh, insecurely(way))
  const told = await oauth.processRefreshTokenResponse(as, client, response)
  return { token: told.access_token, refresh: told.refresh_token ?? refresh }
}

/** In a frame that nobody sees; where the browser keeps the issuer's cookies from it, the issuer says no. */
async function bySilence (way: OidcWay): Promise<Tokens> {
  const { url, flow } = await question(way, { prompt: 'none' })
  const frame = document.createElement('iframe')
  frame.hidden = true
  try {
    return await exchange(way, new URLSearchParams(await answerIn(frame, url)), flow)
  } finally {
    frame.remove()
  }
}

async function answerIn (frame: HTMLIFrameElement, url: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const end = new AbortController()
    const timer = setTimeout(() => { end.abort(); reject(new Error('the issuer did not answer in its frame')) }, SILENT_MS)
    addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
      if (source !== frame.contentWindow || origin !== location.origin) return
      const { type, search } = data as { type?: unknown, search?: unknown }
      if (type !== 'perch:signed-in' || typeof search !== 'string') return
      clearTimeout(timer)
      end.abort()
      resolve(search)
    }, { signal: end.signal })
    frame.src = url
    document.body.append(frame)
  })
}

async function question (way: OidcWay, more: Record<string, string> = {}): Promise<{ url: string, flow: Flow }> {
  const { authorization_endpoint: endpoint = '' } = await serverOf(way)
  const flow = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier: oauth.generateRandomCodeVerifier() }
  const url = new URL(endpoint)
  const asked = {
    client_id: way.client,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: way.scope,
    // Not of OpenID Connect, but what some issuers choose the audience of an access token by; the others pass it by.
    audience: way.audience,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: 'S256',
    ...more
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { url: url.href, flow }
}

async function exchange (way: OidcWay, answer: URLSearchParams, { state, nonce, verifier }: Flow): Promise<Tokens> {
  const [as, client] = [await serverOf(way), clientOf(way)]
  const valid = oauth.validateAuthResponse(as, client, answer, state)
  const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), valid, redirectUri(), verifier, insecurely(way))
  const told = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true })
  return { token: told.access_token, refresh: told.refresh_token ?? null }
}

async function serverOf (way: OidcWay): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(way.issuer)
  return await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecurely(way)))
}

function clientOf (way: OidcWay): oauth.Client {
  return { client_id: way.client, [oauth.clockTolerance]: TOLERANCE_S }
}

/** Without TLS on this machine alone, as the server has it. */
function insecurely (way: OidcWay): { [oauth.allowInsecureRequests]: boolean } {
  return { [oauth.allowInsecureRequests]: LOOPBACK.test(new URL(way.issuer).hostname) }
}
