/** What changes on a plan fades, and nothing else moves there. `Look`: how it was before. */
export class Fading<Look> {
  readonly #fades = new Map<string, { look: Look, at: number }>()
  /** Milliseconds; 0 where motion is not wanted. */
  lengthMs: number

  constructor (lengthMs: number) {
    this.lengthMs = lengthMs
  }

  /** `now` like that of an animation frame. */
  begin (id: string, look: Look, now: number): void {
    if (this.lengthMs > 0) this.#fades.set(id, { look, at: now })
  }

  /** Null: it is what it is. */
  of (id: string, now: number): { look: Look, faded: number } | null {
    const fade = this.#fades.get(id)
    if (fade === undefined) return null
    const faded = (now - fade.at) / this.lengthMs
    if (faded < 1) return { look: fade.look, faded: Math.max(0, faded) }
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
