import type { Socket } from 'node:net'

/** Connections that end in one turn of the event loop, at some 25 µs each (bench/stream/storm.ts): a few milliseconds. */
const PER_TURN = 128

interface Departure {
  socket: Socket
  error: Error | null
  done: (error?: Error | null) => void
}

/**
 * Lets connections end a few at a time. Where a switch or a balancer goes away thousands end at once; taken as they come, all of it is one turn of the event loop, and whoever is
 * still connected hears nothing for its third of a second. Those that wait are destroyed already: they neither read nor write, and only their descriptor is still held.
 */
export class Departures {
  #waiting: Departure[] = []
  #left = PER_TURN
  #armed = false
  /** One for all sockets: a function per connection would stay as long as that does. */
  readonly #destroy: Socket['_destroy']

  constructor () {
    const depart = (departure: Departure) => this.#depart(departure)
    this.#destroy = function (this: Socket, error, done) { depart({ socket: this, error, done }) }
  }

  /** From now on its end takes its turn. */
  pace (socket: Socket): void {
    socket._destroy = this.#destroy
  }

  #depart (departure: Departure): void {
    if (this.#left > 0) this.#end(departure)
    else this.#waiting.push(departure)
    if (this.#armed) return
    this.#armed = true
    setImmediate(() => this.#turn())
  }

  #turn (): void {
    this.#armed = false
    this.#left = PER_TURN
    for (const departure of this.#waiting.splice(0, PER_TURN)) this.#end(departure)
    if (this.#waiting.length === 0 || this.#armed) return
    this.#armed = true
    setImmediate(() => this.#turn())
  }

  #end ({ socket, error, done }: Departure): void {
    this.#left--
    const { _destroy: destroy } = Object.getPrototypeOf(socket) as Socket
    destroy.call(socket, error, done)
  }
}
