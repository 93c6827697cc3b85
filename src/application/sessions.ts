import type { CloseReason } from '../protocol/close.ts'
import { toMoment } from '../protocol/time.ts'
import { Frame } from './frame.ts'
import type { KeyId } from './keys.ts'
import type { Principal } from './principal.ts'
import type { Place } from './served.ts'
import { Session, type SessionParts, type SessionStart } from './session.ts'
import { Wheel } from './wheel.ts'

/** All connections of a node. */
export class Sessions {
  readonly #parts: SessionParts
  readonly #open = new Set<Session>()
  readonly #wheel: Wheel
  /** Pulses of this second, by what they say of floors: most screens watch the same. */
  readonly #pulses = new Map<string, Frame>()
  #pulsesNow = ''
  #draining = false

  constructor (parts: Omit<SessionParts, 'pulse' | 'ended'>) {
    const { clock, limits, log } = parts
    this.#parts = { ...parts, pulse: floors => this.#pulse(floors), ended: session => this.#ended(session) }
    this.#wheel = new Wheel(clock, limits.pulseMs, error => log.error({ err: error }, 'stream: a pulse failed'))
  }

  get size (): number {
    return this.#open.size
  }

  /** The sites where a kiosk is connected, some more than once. */
  * kiosks (): Iterable<Place> {
    for (const { principal: { role, org, site } } of this.#open) if (role === 'kiosk' && site !== null) yield { org, site }
  }

  /** The API keys that connections came with, some more than once. */
  * keys (): Iterable<KeyId> {
    for (const { principal: { key } } of this.#open) if (key !== undefined) yield key
  }

  /** Transports refuse newcomers before the handshake then. */
  get draining (): boolean {
    return this.#draining
  }

  /** The connection is there and its principal is known; `welcome` goes out before this returns. `mine`: whether the peer wants its own claims, too. */
  open (start: SessionStart, { mine }: { mine: boolean }): Session {
    const { rates, metrics } = this.#parts
    // Of those who came in the same moment some were let in that are too many.
    const tooMany = rates?.hasRoom(start.principal) === false
    const session = new Session(this.#parts, start)
    metrics.sessions(1)
    rates?.entered(start.principal)
    this.#open.add(session)
    this.#wheel.join(session)
    session.begin(mine && !this.#draining && !tooMany)
    if (this.#draining) {
      session.bye()
      session.close('DRAINING')
    } else if (tooMany) session.sendAway()
    return session
  }

  /** Close every session whose principal is one of those: credentials were revoked, or rights changed. How many there were. */
  closeWhere (match: (principal: Principal) => boolean, reason: CloseReason): number {
    let closed = 0
    for (const session of this.#open) {
      if (!match(session.principal)) continue
      session.close(reason)
      closed++
    }
    return closed
  }

  /** Say goodbye to all, then close them in waves, so that the other nodes do not get all of them at once. Resolves when none is left. Safe to repeat. */
  async drain (): Promise<void> {
    const { clock, limits } = this.#parts
    if (!this.#draining) {
      this.#draining = true
      for (const session of this.#open) session.bye()
    }
    while (this.#open.size > 0) {
      let left = limits.drainWave
      for (const session of this.#open) {
        if (left-- === 0) break
        session.close('DRAINING')
      }
      if (this.#open.size > 0) await new Promise<void>(resolve => clock.after(limits.drainPauseMs, resolve))
    }
  }

  #ended (session: Session): void {
    this.#open.delete(session)
    this.#wheel.leave(session)
    this.#parts.rates?.left(session.principal)
    this.#parts.metrics.sessions(-1)
  }

  #pulse (floors: string): Frame {
    const now = toMoment(this.#parts.clock.now())
    if (now !== this.#pulsesNow) {
      this.#pulses.clear()
      this.#pulsesNow = now
    }
    const known = this.#pulses.get(floors)
    if (known !== undefined) return known
    const frame = new Frame('pulse', `{"type":"pulse","now":"${now}","floors":{${floors}}}`)
    this.#pulses.set(floors, frame)
    return frame
  }
}
