import { PerchError, type PerchErrorCode } from '../../client/index.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Milliseconds. A page says that something did not work sooner than a person gives up. */
const TIMEOUT_MS = 10_000

/** Calls of `/v1` as whoever the token is of. `Answer` is what PROTOCOL.md promises of that call. */
export class Api {
  readonly #token: () => string | null | Promise<string | null>

  constructor (token: () => string | null | Promise<string | null>) {
    this.#token = token
  }

  /** @throws PerchError with the server's code; NOT_CONNECTED when there was no answer: it may have been done all the same */
  async ask<Answer> (method: Method, path: string, body?: unknown): Promise<Answer> {
    const token = await this.#token()
    const answer = await fetch(path, {
      method,
      headers: { ...token !== null && { authorization: `Bearer ${token}` }, ...body !== undefined && { 'content-type': 'application/json' } },
      ...body !== undefined && { body: JSON.stringify(body) },
      signal: AbortSignal.timeout(TIMEOUT_MS)
    }).catch((error: unknown) => { throw new PerchError({ code: 'NOT_CONNECTED', message: String(error), retry: true }) })
    const told: unknown = answer.status === 204 ? null : await answer.json().catch(() => null)
    if (answer.ok) return told as Answer
    throw refusalOf(answer.status, told)
  }
}

/** What stands between may answer too, and knows no codes. */
function refusalOf (status: number, told: unknown): PerchError {
  if (typeof told === 'object' && told !== null && 'code' in told) {
    const { code, message, retry, ...details } = told as { code: PerchErrorCode, message: string, retry: boolean }
    return new PerchError({ ...details, code, message, retry })
  }
  return new PerchError({ code: 'UNAVAILABLE', message: `HTTP ${status}`, retry: true })
}
