import type { Floor } from '../../client/index.ts'
import type { Status } from '../../domain/status.ts'
import { drawFloor } from './draw-floor.ts'
import { Fading } from './fading.ts'
import { paletteAt, withoutColour, type Palette } from './palette.ts'
import type { FloorShapes, NamedPlace, SpaceShape } from './shapes.ts'
import { toPlan, viewOf, type PlanView, type Size } from './view.ts'

/** What is drawn beside the floor's state. All of it may be set anew at any time; `undefined` is not one of the values. */
export interface FloorCanvasLooks {
  /** Null: the whole floor, with a margin. */
  view: PlanView | null
  /** CSS pixels around the whole floor. */
  margin: number
  textPx: number
  here: NamedPlace | null
  chosen: string | null
  /** Where whoever uses the keyboard stands. */
  focused: string | null
  mine: ReadonlySet<string>
  /** Null: everything is looked for. */
  wanted: ReadonlySet<string> | null
}

const FADE_MS = 400
const NO_MOTION = '(prefers-reduced-motion: reduce)'
const DARK = '(prefers-color-scheme: dark)'

/**
 * A floor on a canvas that keeps up with it: draws when something has changed, at most once a frame, and rests otherwise. `floor` is watched by whoever made it, and its
 * listeners end with `close`.
 */
export class FloorCanvas {
  readonly #canvas: HTMLCanvasElement
  readonly #ctx: CanvasRenderingContext2D
  readonly #fading = new Fading(FADE_MS)
  readonly #statuses = new Map<string, Status>()
  readonly #ends: Array<() => void> = []
  #shapes: FloorShapes
  #floor: Floor
  #floorEnds: Array<() => void> = []
  #looks: FloorCanvasLooks
  #palette: Palette | null = null
  #size: Size = { width: 0, height: 0 }
  #frame = 0

  /** @throws Error where there is no canvas to draw on */
  constructor (canvas: HTMLCanvasElement, shapes: FloorShapes, floor: Floor, looks: FloorCanvasLooks) {
    const ctx = canvas.getContext('2d')
    if (ctx === null) throw new Error('this browser draws nothing')
    this.#canvas = canvas
    this.#ctx = ctx
    this.#shapes = shapes
    this.#floor = floor
    this.#looks = looks
    const resized = new ResizeObserver(() => this.#resize())
    resized.observe(canvas)
    this.#ends.push(() => resized.disconnect())
    for (const query of [NO_MOTION, DARK]) this.#listen(matchMedia(query), 'change', () => this.repaint())
    this.#listen(document.fonts, 'loadingdone', () => this.invalidate())
    this.#resize()
    this.repaint()
    this.#watch()
  }

  /** Where it lies now. */
  get view (): PlanView {
    return this.#looks.view ?? viewOf(this.#shapes.box, this.#size, this.#looks.margin)
  }

  get size (): Size {
    return this.#size
  }

  set (looks: Partial<FloorCanvasLooks>): void {
    this.#looks = { ...this.#looks, ...looks }
    this.invalidate()
  }

  /** Another floor, or another revision of its plan. */
  show (shapes: FloorShapes, floor: Floor): void {
    this.#shapes = shapes
    if (floor !== this.#floor) {
      for (const end of this.#floorEnds.splice(0)) end()
      this.#floor = floor
      this.#watch()
    }
    this.invalidate()
  }

  /** The colours may be others now. */
  repaint (): void {
    this.#palette = null
    this.#fading.lengthMs = matchMedia(NO_MOTION).matches ? 0 : FADE_MS
    this.invalidate()
  }

  /** The space there, in CSS pixels of the canvas; one that was missed by no more than `slack` pixels is meant all the same. */
  spaceAt (at: { x: number, y: number }, slack = 12): SpaceShape | null {
    const { view } = this
    const { x, y } = toPlan(view, at)
    const most = slack / view.scale
    let found: { space: SpaceShape, away: number } | null = null
    for (const space of this.#shapes.spaces) {
      const { box } = space
      const away = Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height))
      if (away <= most && (found === null || away < found.away)) found = { space, away }
    }
    return found?.space ?? null
  }

  invalidate (): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(now => this.#draw(now))
  }

  close (): void {
    cancelAnimationFrame(this.#frame)
    // A frame that is asked for from now on is none.
    this.#frame = -1
    for (const end of [...this.#ends.splice(0), ...this.#floorEnds.splice(0)]) end()
  }

  #watch (): void {
    this.#statuses.clear()
    this.#fading.clear()
    for (const { id, status } of this.#floor.spaces) this.#statuses.set(id, status)
    this.#floorEnds.push(
      this.#floor.on('change', ({ spaces, gone }) => {
        const now = performance.now()
        for (const { id, status } of spaces) {
          const before = this.#statuses.get(id)
          if (before !== status) this.#fading.begin(id, before ?? null, now)
          this.#statuses.set(id, status)
        }
        for (const id of gone) this.#statuses.delete(id)
        this.invalidate()
      }),
      this.#floor.on('freshness', () => this.repaint())
    )
  }

  #draw (now: number): void {
    this.#frame = 0
    if (this.#size.width === 0) return
    this.#palette ??= this.#paletteNow()
    const { chosen, mine, wanted, textPx, here } = this.#looks
    drawFloor(this.#ctx, {
      shapes: this.#shapes,
      view: this.view,
      size: this.#size,
      palette: this.#palette,
      textPx,
      here,
      look: id => ({
        status: this.#statuses.get(id) ?? null,
        before: this.#fading.of(id, now),
        provisional: this.#isProvisional(id),
        occupant: this.#floor.space(id)?.occupant?.name,
        mine: mine.has(id),
        chosen: chosen === id,
        dimmed: wanted !== null && !wanted.has(id)
      })
    })
    if (this.#fading.any) this.invalidate()
  }

  #isProvisional (id: string): boolean {
    const space = this.#floor.space(id)
    return space?.provisional === true || space?.pending !== undefined
  }

  #paletteNow (): Palette {
    const palette = paletteAt(this.#canvas.parentElement ?? document.body)
    return this.#floor.freshness.state === 'stale' ? withoutColour(palette) : palette
  }

  #resize (): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas
    const ratio = Math.min(devicePixelRatio, 3)
    this.#size = { width, height }
    this.#canvas.width = Math.round(width * ratio)
    this.#canvas.height = Math.round(height * ratio)
    this.#ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
    // At once: an emptied canvas would flash.
    if (width > 0) this.#draw(performance.now())
  }

  #listen (target: EventTarget, event: string, listener: () => void): void {
    target.addEventListener(event, listener)
    this.#ends.push(() => target.removeEventListener(event, listener))
  }
}
