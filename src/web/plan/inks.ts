import type { Palette } from './palette.ts'

export type Colour = Exclude<keyof Palette, 'font'>

/** What is painted first lies below. */
export const LAYERS = ['floor', 'core', 'wall', 'door', 'room', 'roomWall', 'ground', 'outline', 'mark'] as const
export type Layer = typeof LAYERS[number]

export interface Line {
  width: number
  /** CSS pixels on and off; empty: solid. */
  dash?: readonly number[]
}

export interface Text {
  text: string
  /** CSS pixels from the plan's origin: its middle, or for `left` where it begins. */
  x: number
  y: number
  px: number
  weight: 400 | 600 | 700
  colour: Colour
  align: 'center' | 'left'
}

interface Ink {
  rank: number
  colour: Colour
  /** Null: filled. */
  line: Line | null
  path: Path2D
}

const SOLID: readonly number[] = []

/** Shapes gathered by how they look: a thousand desks of one status are one call to the canvas. In CSS pixels from the plan's origin. */
export class Inks {
  readonly #inks = new Map<string, Ink>()
  readonly texts: Text[] = []
  #sorted: Ink[] | null = null

  fill (layer: Layer, colour: Colour): Path2D {
    return this.#path(`${layer} ${colour}`, layer, colour, null)
  }

  stroke (layer: Layer, colour: Colour, line: Line): Path2D {
    return this.#path(`${layer} ${colour} ${line.width} ${line.dash?.join() ?? ''}`, layer, colour, line)
  }

  paint (ctx: CanvasRenderingContext2D, palette: Palette, only: (layer: Layer) => boolean = () => true): void {
    this.#sorted ??= [...this.#inks.values()].sort((a, b) => a.rank - b.rank)
    for (const { rank, colour, line, path } of this.#sorted) {
      const layer = LAYERS[rank]
      if (layer === undefined || !only(layer)) continue
      if (line === null) {
        ctx.fillStyle = palette[colour]
        ctx.fill(path)
        continue
      }
      ctx.strokeStyle = palette[colour]
      ctx.lineWidth = line.width
      if (line.dash !== undefined) ctx.setLineDash([...line.dash])
      ctx.stroke(path)
      if (line.dash !== undefined) ctx.setLineDash([...SOLID])
    }
  }

  write (ctx: CanvasRenderingContext2D, palette: Palette): void {
    let font = ''
    ctx.textBaseline = 'middle'
    for (const { text, x, y, px, weight, colour, align } of this.texts) {
      const next = `${weight} ${px}px ${palette.font}`
      if (next !== font) ctx.font = font = next
      ctx.textAlign = align
      ctx.fillStyle = palette[colour]
      ctx.fillText(text, x, y)
    }
  }

  #path (key: string, layer: Layer, colour: Colour, line: Line | null): Path2D {
    const known = this.#inks.get(key)
    if (known !== undefined) return known.path
    const path = new Path2D()
    this.#inks.set(key, { rank: LAYERS.indexOf(layer), colour, line, path })
    this.#sorted = null
    return path
  }
}
