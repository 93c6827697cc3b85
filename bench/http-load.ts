import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

export interface HttpAnswer {
  status: number
  body: string
}

interface Waiting {
  resolve (answer: HttpAnswer): void
  reject (error: Error): void
}

/**
 * One keep-alive connection with one request under way at a time. Written on the bare socket: a client of Node's own costs as much CPU as the server it measures, and here
 * they share the machine. It reads only what Perch and its peers send: answers with a content-length, without chunks.
 */
export class Connection {
  readonly #socket: Socket
  #broken: Error | null = null
  #text = ''
  #waiting: Waiting | null = null

  private constructor (socket: Socket) {
    this.#socket = socket
    // latin1: one character is one byte, as content-length counts.
    socket.setEncoding('latin1').setNoDelay(true)
    socket.on('data', (text: string) => this.#took(text))
    socket.on('error', error => this.#failed(error))
    socket.on('close', () => this.#failed(new Error('the server closed the connection')))
  }

  static async open (url: string): Promise<Connection> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new Connection(socket)
  }

  /** `request`: all of it as it goes over the wire, in ASCII. */
  ask (request: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) return reject(this.#broken)
      this.#waiting = { resolve, reject }
      this.#socket.write(request, 'latin1')
    })
  }

  close (): void {
    this.#waiting = null
    this.#socket.destroy()
  }

  #took (text: string): void {
    this.#text = this.#text === '' ? text : this.#text + text
    const head = this.#text.indexOf('\r\n\r\n')
    if (head === -1) return
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#text)?.[1]
    if (length === undefined) return this.#failed(new Error('an answer without content-length'))
    const end = head + 4 + Number(length)
    if (this.#text.length < end) return
    const answer = { status: Number(this.#text.slice(9, 12)), body: this.#text.slice(head + 4, end) }
    this.#text = this.#text.slice(end)
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.resolve(answer)
  }

  #failed (error: Error): void {
    this.#broken = error
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.reject(error)
  }
}

/** A POST with a JSON body as it goes over the wire. `body` must be ASCII. */
export function postRequest (url: string, token: string, path: string, body: string): string {
  return httpRequest(url, 'POST', path, body, `authorization: Bearer ${token}\r\n`)
}

/** A request as it goes over the wire. `body` is JSON and must be ASCII; `headers`: further ones, each with its end of line. */
export function httpRequest (url: string, method: string, path: string, body: string | null, headers = ''): string {
  const content = body === null ? '\r\n' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  return `${method} ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\n${headers}${content}`
}
