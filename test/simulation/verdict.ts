/** The first thing found that must not be. What comes after it may be its consequence, and is not looked at. */
export class Verdict {
  #broken: string | null = null

  get broken (): string | null {
    return this.#broken
  }

  /** `invariant`: as the README numbers them, or what else was promised. */
  fail (invariant: string, what: string): void {
    this.#broken ??= `${invariant}: ${what}`
  }

  hold (true_: boolean, invariant: string, what: () => string): void {
    if (!true_) this.fail(invariant, what())
  }
}
