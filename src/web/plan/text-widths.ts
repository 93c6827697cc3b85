/** Pixels. Large, so that rounding does not matter. */
const MEASURED_PX = 100

/** How wide texts are: asked for each of thousands of labels whenever the scale changes, and measured once. */
export class TextWidths {
  readonly #widths = new Map<string, number>()
  readonly #measure: (text: string, font: string) => number

  /** `measure`: at that CSS font. */
  constructor (measure: (text: string, font: string) => number) {
    this.#measure = measure
  }

  of (text: string, px: number, weight: number, family: string): number {
    const key = `${weight} ${text}`
    let width = this.#widths.get(key)
    if (width === undefined) {
      width = this.#measure(text, `${weight} ${MEASURED_PX}px ${family}`)
      this.#widths.set(key, width)
    }
    return width * px / MEASURED_PX
  }

  /** Another font is there now. */
  clear (): void {
    this.#widths.clear()
  }
}
