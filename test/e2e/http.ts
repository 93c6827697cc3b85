import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { ApiAddress } from '../../src/cli/seed/api.ts'
import type { Cleanup } from '../harness/cleanup.ts'

/** What came back, also when it is an error. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  /** As it came over the wire: compressed, if the server said so. */
  bytes: Buffer
  /** Parsed JSON; an empty object where there is none. */
  body: Record<string, unknown>
}

export interface Call {
  body?: unknown
  headers?: Record<string, string>
  /** Rejects when nothing is heard for so long; by default it waits for ever. */
  withinMs?: number
}

/** An HTTP client with connections of its own that are kept open: one per request under way. Rejects when there is no answer. */
export interface HttpClient {
  ask (method: string, path: string, call?: Call): Promise<Answer>
}

/** `ca`: the certificate that an https server is trusted by. */
export function httpClient (t: Cleanup, { url, token }: ApiAddress, ca?: string): HttpClient {
  const secure = url.startsWith('https:')
  const agent = secure ? new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) }) : new HttpAgent({ keepAlive: true })
  t.after(() => agent.destroy())
  const credentials = token === null ? {} : { authorization: `Bearer ${token}` }
  return {
    ask: async (method, path, { body, headers = {}, withinMs = 0 } = {}) => {
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
      const content = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
      const options = { method, agent, timeout: withinMs, headers: { ...credentials, ...content, ...headers } }
      return await new Promise<Answer>((resolve, reject) => {
        const request = secure ? httpsRequest(new URL(path, url), options) : httpRequest(new URL(path, url), options)
        request.on('error', reject)
        request.on('timeout', () => request.destroy(new Error('no answer in time')))
        request.on('response', response => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            const bytes = Buffer.concat(parts)
            resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, body: parsed(bytes) })
          })
        })
        request.end(text)
      })
    }
  }
}

function parsed (bytes: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(bytes.toString()) as Record<string, unknown>
  } catch {
    // Compressed, empty, or not JSON: whoever cares looks at the bytes.
    return {}
  }
}
