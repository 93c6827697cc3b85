import type { Status } from '../../domain/status.ts'

/** What changes on a plan fades, and nothing else moves there. */
export class Fading {
  readonly #fades = new Map<string, { from: Status | null, at: number }>()
  /** Milliseconds; 0 where motion is not wanted. */
  lengthMs: number

  constructor (lengthMs: number) {
    this.lengthMs = lengthMs
  }

  /** `now` like that of an animation frame. */
  begin (id: string, from: Status | null, now: number): void {
    if (this.lengthMs > 0) this.#fades.set(id, { from, at: now })
  }

  /** Null: it is what it is. */
  of (id: string, now: number): { status: Status | null, faded: number } | null {
    const fade = this.#fades.get(id)
    if (fade === undefined) return null
    const faded = (now - fade.at) / this.lengthMs
    if (faded < 1) return { status: fade.from, faded: Math.max(0, faded) }
    this.#fades.delete(id)
    return null
  }

  get any (): boolean {
    return this.#fades.size > 0
  }

  clear (): void {
    this.#fades.clear()
  }
}
