import { setTimeout as pause } from 'node:timers/promises'
import { limited } from './abort.ts'

/** A server's HTTP API: where it is, and what is shown to get in. */
export interface ApiAddress {
  /** Like http://127.0.0.1:8080, without a path. */
  url: string
  /** Bearer token; null where the server asks for none. */
  token: string | null
}

/** What the API answered; `body` is null where it answered nothing that is JSON. */
export interface ApiReply {
  status: number
  body: unknown
}

/** The server was not reached, or the connection ended before the answer: the request may have been carried out. */
export class Unreachable extends Error {}

/** The API said no. */
export class ApiRefusal extends Error {
  readonly code: string
  readonly retry: boolean

  constructor (call: string, reply: ApiReply) {
    const { code, message, retry } = refusalOf(reply)
    super(`${call}: ${code} (${reply.status}) ${message}${problemsOf(reply.body)}`)
    this.code = code
    this.retry = retry
  }
}

/** No answer within this long is none. */
const TIMEOUT_MS = 30_000

/** One request; an error reply is a reply. @throws Unreachable */
export async function callApi ({ url, token }: ApiAddress, method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<ApiReply> {
  const limit = limited(TIMEOUT_MS, ...(signal === undefined ? [] : [signal]))
  try {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` })
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: limit.signal
    })
    return { status: response.status, body: parsed(await response.text()) }
  } catch (error) {
    throw new Unreachable(`${method} ${path} at ${url}: ${reasonOf(error)}`, { cause: error })
  } finally {
    limit.done()
  }
}

/**
 * The same request again while the server is away, starting or busy, at most that long; only for requests that may be repeated.
 * @throws Unreachable, ApiRefusal
 */
export async function askApi (address: ApiAddress, method: string, path: string, body?: unknown, patienceMs = 60_000): Promise<unknown> {
  const giveUpAt = performance.now() + patienceMs
  for (let attempt = 0; ; attempt++) {
    const outcome = await answerOrError(address, method, path, body)
    if (!(outcome instanceof Error)) return outcome
    const mayPass = outcome instanceof Unreachable || (outcome instanceof ApiRefusal && outcome.retry)
    if (!mayPass || performance.now() > giveUpAt) throw outcome
    await pause(Math.min(2_000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2))
  }
}

async function answerOrError (address: ApiAddress, method: string, path: string, body: unknown): Promise<unknown> {
  try {
    const reply = await callApi(address, method, path, body)
    return reply.status < 300 ? reply.body : new ApiRefusal(`${method} ${path}`, reply)
  } catch (error) {
    if (error instanceof Unreachable) return error
    throw error
  }
}

/** The members that every error reply has; a reply of something between us and the server has none. */
export function refusalOf ({ status, body }: ApiReply): { code: string, message: string, retry: boolean } {
  const said = typeof body === 'object' && body !== null ? body as Record<string, unknown> : {}
  return {
    code: typeof said.code === 'string' ? said.code : `HTTP_${status}`,
    message: typeof said.message === 'string' ? said.message : '',
    retry: typeof said.retry === 'boolean' ? said.retry : status >= 500
  }
}

/** What PLAN_INVALID and BAD_REQUEST name, for whoever has to mend it. */
function problemsOf (body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { code, message, retry, ...rest } = body as Record<string, unknown>
  return Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest).slice(0, 500)}`
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's error page, or an empty answer.
    return null
  }
}

function reasonOf (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
