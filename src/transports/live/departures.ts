import type { Socket } from 'node:net'
import { LoopTurns } from './loop-turns.ts'

/** Connections that end in one turn of the event loop, at some 25 µs each (bench/stream/storm.ts): a few milliseconds. */
const PER_TURN = 128

/**
 * Lets connections end a few at a time. Where a switch or a balancer goes away thousands end at once; taken as they come, all of it is one turn of the event loop, and whoever is
 * still connected hears nothing for its third of a second. Those that wait are destroyed already: they neither read nor write, and only their descriptor is still held.
 */
export class Departures {
  /** One for all sockets: a function per connection would stay as long as that does. */
  readonly #destroy: Socket['_destroy']

  constructor () {
    const turns = new LoopTurns(PER_TURN)
    this.#destroy = function (this: Socket, error, done) {
      turns.take(() => {
        const { _destroy: destroy } = Object.getPrototypeOf(this) as Socket
        destroy.call(this, error, done)
      })
    }
  }

  /** From now on its end takes its turn. */
  pace (socket: Socket): void {
    socket._destroy = this.#destroy
  }
}
