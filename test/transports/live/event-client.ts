import { request, type ClientRequest, type IncomingHttpHeaders } from 'node:http'
import type { ServerFrame } from '../../../src/protocol/frames.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { Heard } from './heard.ts'

export interface EventOptions {
  path?: string
  method?: string
  token?: string | null
  headers?: Record<string, string>
}

/** A client of server-sent events, as a browser's EventSource reads them; it does not come back by itself. */
export class EventClient extends Heard {
  readonly request: ClientRequest
  status: number | null = null
  headers: IncomingHttpHeaders = {}
  /** Of the answer, where it is no stream. */
  body = ''
  /** The last id that was sent. */
  lastEventId: string | null = null
  retryMs: number | null = null
  #rest = ''

  constructor (t: Cleanup, port: number, { path = '/v1/floors/f1/events', method = 'GET', token = 'admin', headers = {} }: EventOptions = {}) {
    super()
    this.request = request({ host: '127.0.0.1', port, path, method, agent: false, headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers } }, response => {
      this.status = response.statusCode ?? 0
      this.headers = response.headers
      const isStream = String(response.headers['content-type']).startsWith('text/event-stream')
      response.setEncoding('utf8').on('data', text => {
        if (isStream) this.#take(String(text))
        else this.body += String(text)
      }).on('close', () => { this.gone = true }).on('error', () => {})
    })
    this.request.on('error', () => { this.gone = true }).end()
    t.after(() => this.request.destroy())
  }

  #take (text: string): void {
    const events = (this.#rest + text).split('\n\n')
    this.#rest = events.pop() ?? ''
    for (const event of events) this.#event(new Map(event.split('\n').map(line => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)])))
  }

  #event (fields: ReadonlyMap<string, string>): void {
    const [id, data, retry] = [fields.get('id'), fields.get('data'), fields.get('retry')]
    if (retry !== undefined) this.retryMs = Number(retry)
    if (id !== undefined) this.lastEventId = id
    if (data === undefined) return
    if (fields.get('event') === 'close') this.closed = JSON.parse(data) as { code: number, reason: string }
    else this.frames.push(JSON.parse(data) as ServerFrame)
  }
}
