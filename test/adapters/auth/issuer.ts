import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cleanup } from '../../harness/cleanup.ts'

export const AUDIENCE = 'https://perch.example'

interface SigningKey {
  kid: string
  alg: string
  privateKey: CryptoKey
  jwk: JWK
}

/** An OpenID Connect issuer on this machine: discovery, keys that can be changed, and tokens. */
export class Issuer {
  url = ''
  keys: SigningKey[] = []
  /** What was asked for, in order. */
  readonly asked: string[] = []
  /** Answers nothing but 503. */
  away = false
  /** Members of the discovery document in place of the true ones. */
  discovery: Record<string, unknown> = {}

  static async start<Kind extends Issuer> (this: new () => Kind, t: Cleanup): Promise<Kind> {
    const issuer = new this()
    const server = createServer((request, response) => {
      issuer.asked.push(request.url ?? '')
      if (!issuer.away && issuer.respond(request, response)) return
      const body = (issuer as Issuer).#answer(request.url ?? '')
      response.writeHead(body === null ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => { server.close(); server.closeAllConnections() })
    issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    issuer.keys = [await newKey('first')]
    return issuer
  }

  /** For ann, for five minutes from `now` on, unless the payload says otherwise. */
  async token (now: number, payload: Record<string, unknown> = {}, { key = this.keys[0], header = {} }: { key?: SigningKey | undefined, header?: Record<string, unknown> } = {}): Promise<string> {
    if (key === undefined) throw new Error('no key')
    const claims = { iss: this.url, aud: AUDIENCE, sub: 'ann', exp: Math.floor(now / 1_000) + 300, ...payload }
    return await new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey)
  }

  /** For issuers that can do more. False: that is none of theirs. */
  protected respond (_request: IncomingMessage, _response: ServerResponse): boolean {
    return false
  }

  #answer (path: string): unknown {
    if (this.away) return null
    if (path === '/.well-known/openid-configuration') return { issuer: this.url, jwks_uri: `${this.url}/keys`, ...this.discovery }
    return path === '/keys' ? { keys: this.keys.map(({ jwk }) => jwk) } : null
  }
}

export async function newKey (kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, jwk: { ...await exportJWK(publicKey), kid, alg, use: 'sig' } }
}
