/** One event of a stream: the last `id:` seen, and the joined `data:` lines. */
export interface StreamEvent {
  id: string
  data: string
}

/** Takes the text of a server-sent event stream in pieces of any size (WHATWG HTML, section 9.2.6; `event:` and `retry:` are left out). */
export class EventStream {
  #rest = ''
  #id = ''
  #data: string[] = []

  /** The events that are complete with this piece. */
  take (text: string): StreamEvent[] {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.flatMap(line => this.#line(line.endsWith('\r') ? line.slice(0, -1) : line))
  }

  #line (line: string): StreamEvent[] {
    if (line === '') {
      const event = { id: this.#id, data: this.#data.join('\n') }
      const empty = this.#data.length === 0
      this.#data = []
      return empty ? [] : [event]
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'id') this.#id = value
    if (field === 'data') this.#data.push(value)
    return []
  }
}
