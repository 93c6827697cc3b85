import { SignJWT } from 'jose'
import { createHash, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { Issuer } from '../adapters/auth/issuer.ts'

interface Asked {
  client: string
  redirect: string
  nonce: string
  challenge: string
  person: string
}

/** An issuer at which people sign in: authorisation code with PKCE, refresh tokens, and questions that nobody is to see. It asks nobody anything. */
export class SignInIssuer extends Issuer {
  /** Who sits before it; null: nobody who is signed in there. */
  person: string | null = 'anna'
  /** Claims of the access tokens beside the usual. */
  claims: Record<string, unknown> = {}
  lastsS = 3_600
  refreshes = false
  /** What the token endpoint gave, by kind of grant. */
  readonly granted: string[] = []
  readonly #codes = new Map<string, Asked>()
  readonly #refresh = new Map<string, string>()

  protected override respond (request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '', this.url)
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*')
    if (request.method === 'OPTIONS') {
      response.writeHead(204).end()
      return true
    }
    this.discovery = { authorization_endpoint: `${this.url}/authorize`, token_endpoint: `${this.url}/token`, response_types_supported: ['code'], id_token_signing_alg_values_supported: ['ES256'], code_challenge_methods_supported: ['S256'] }
    if (url.pathname === '/authorize') {
      response.writeHead(302, { location: this.#authorize(url.searchParams) }).end()
      return true
    }
    if (url.pathname !== '/token') return false
    this.#give(request).then(
      body => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'invalid_grant' }))
    )
    return true
  }

  #authorize (asked: URLSearchParams): string {
    const { client_id: client = '', redirect_uri: redirect = '', state = '', nonce = '', code_challenge: challenge = '', prompt } = Object.fromEntries(asked)
    const answer = new URL(redirect)
    answer.searchParams.set('state', state)
    if (this.person === null) answer.searchParams.set('error', prompt === 'none' ? 'login_required' : 'access_denied')
    else {
      const code = randomUUID()
      this.#codes.set(code, { client, redirect, nonce, challenge, person: this.person })
      answer.searchParams.set('code', code)
    }
    return answer.href
  }

  async #give (request: IncomingMessage): Promise<Record<string, unknown>> {
    const { grant_type: kind = '', code = '', code_verifier: verifier = '', redirect_uri: redirect, client_id: client = '', refresh_token: refresh = '' } = Object.fromEntries(new URLSearchParams(await text(request)))
    if (kind === 'refresh_token') {
      const person = this.#refresh.get(refresh)
      if (person === undefined || !this.#refresh.delete(refresh)) throw new Error('no such refresh token')
      this.granted.push(kind)
      return await this.#tokens(person, client, null)
    }
    const asked = this.#codes.get(code)
    if (asked === undefined || !this.#codes.delete(code)) throw new Error('no such code')
    if (asked.client !== client || asked.redirect !== redirect || createHash('sha256').update(verifier).digest('base64url') !== asked.challenge) throw new Error('not by whom it was asked')
    this.granted.push(kind)
    return await this.#tokens(asked.person, client, asked.nonce)
  }

  async #tokens (person: string, client: string, nonce: string | null): Promise<Record<string, unknown>> {
    const [key] = this.keys
    if (key === undefined) throw new Error('no key')
    const iat = Math.floor(Date.now() / 1_000)
    const exp = iat + this.lastsS
    const id = new SignJWT({ iss: this.url, aud: client, sub: person, iat, exp, ...nonce !== null && { nonce } }).setProtectedHeader({ alg: key.alg, kid: key.kid })
    const refresh = randomUUID()
    if (this.refreshes) this.#refresh.set(refresh, person)
    return {
      access_token: await this.token(Date.now(), { sub: person, iat, exp, ...this.claims }),
      token_type: 'Bearer',
      expires_in: this.lastsS,
      id_token: await id.sign(key.privateKey),
      ...this.refreshes && { refresh_token: refresh }
    }
  }
}
