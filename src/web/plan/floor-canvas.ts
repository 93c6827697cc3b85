import type { Floor, Space } from '../../client/index.ts'
import { Fading } from './fading.ts'
import { FloorPainter, REACH, type Picture, type Ring } from './floor-painter.ts'
import { overlaps, snappedView } from './grid.ts'
import { drawHere } from './here.ts'
import { spaceNear } from './hit.ts'
import { paletteAt, withoutColour, type Palette } from './palette.ts'
import type { FloorShapes, NamedPlace, SpaceShape } from './shapes.ts'
import type { SpaceLook } from './space-inks.ts'
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
/** Spaces that are drawn one by one in a frame. */
const MANY = 200
const NOTHING: SpaceLook = { status: null, provisional: false, name: null }

/**
 * A floor on a canvas that keeps up with it: draws when something has changed, at most once a frame, and no more than has changed; it rests otherwise. `floor` is watched by
 * whoever made it, and its listeners end with `close`.
 */
export class FloorCanvas {
  readonly #canvas: HTMLCanvasElement
  readonly #ctx: CanvasRenderingContext2D
  readonly #fading = new Fading<SpaceLook>(FADE_MS)
  /** As they were drawn last, or fade to. */
  readonly #looked = new Map<string, SpaceLook>()
  /** To be drawn anew, one by one. */
  readonly #touched = new Set<string>()
  readonly #ends: Array<() => void> = []
  #painter: FloorPainter
  #shapes: FloorShapes
  #floor: Floor
  #floorEnds: Array<() => void> = []
  #looks: FloorCanvasLooks
  #palette: Palette | null = null
  #size: Size = { width: 0, height: 0 }
  #ratio = 1
  #frame = 0
  /** Where it lay when it was drawn last; null: all of it has to be drawn. */
  #drawnAt: PlanView | null = null

  /** @throws Error where there is no canvas to draw on */
  constructor (canvas: HTMLCanvasElement, shapes: FloorShapes, floor: Floor, looks: FloorCanvasLooks) {
    const ctx = canvas.getContext('2d')
    if (ctx === null) throw new Error('this browser draws nothing')
    this.#canvas = canvas
    this.#ctx = ctx
    this.#shapes = shapes
    this.#painter = new FloorPainter(ctx, shapes)
    this.#floor = floor
    this.#looks = looks
    const resized = new ResizeObserver(() => this.#resize())
    resized.observe(canvas)
    this.#ends.push(() => resized.disconnect())
    for (const query of [NO_MOTION, DARK]) this.#listen(matchMedia(query), 'change', () => this.repaint())
    this.#listen(document.fonts, 'loadingdone', () => {
      this.#painter.remeasure()
      this.invalidate()
    })
    this.#watch()
    this.#resize()
    this.repaint()
  }

  /** Where it lies now. */
  get view (): PlanView {
    return this.#looks.view ?? viewOf(this.#shapes.box, this.#size, this.#looks.margin)
  }

  get size (): Size {
    return this.#size
  }

  set (looks: Partial<FloorCanvasLooks>): void {
    const before = this.#looks
    this.#looks = { ...before, ...looks }
    const { wanted, textPx, chosen, focused, mine, here, margin } = this.#looks
    if (wanted !== before.wanted || textPx !== before.textPx) this.#painter.spoilAll()
    const onlyMoved = wanted === before.wanted && textPx === before.textPx && chosen === before.chosen && focused === before.focused && mine === before.mine && here === before.here && margin === before.margin
    if (onlyMoved) this.#askForFrame()
    else this.invalidate()
  }

  /** Another floor, or another revision of its plan. */
  show (shapes: FloorShapes, floor: Floor): void {
    if (shapes !== this.#shapes) this.#painter = new FloorPainter(this.#ctx, shapes)
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
    return spaceNear(this.#shapes.spaces, toPlan(view, at), slack / view.scale)
  }

  /** All of it has to be drawn anew. */
  invalidate (): void {
    this.#drawnAt = null
    this.#askForFrame()
  }

  close (): void {
    cancelAnimationFrame(this.#frame)
    // A frame that is asked for from now on is none.
    this.#frame = -1
    for (const end of [...this.#ends.splice(0), ...this.#floorEnds.splice(0)]) end()
  }

  #askForFrame (): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(now => this.#draw(now))
  }

  #watch (): void {
    this.#looked.clear()
    this.#fading.clear()
    this.#touched.clear()
    for (const space of this.#floor.spaces) this.#looked.set(space.id, lookOf(space))
    this.#painter.spoilAll()
    this.#floorEnds.push(
      this.#floor.on('change', ({ spaces, gone }) => {
        for (const space of spaces) this.#changed(space.id, lookOf(space))
        for (const id of gone) this.#changed(id, NOTHING)
        if (spaces.length + gone.length > 0) this.#askForFrame()
      }),
      this.#floor.on('freshness', () => this.repaint())
    )
  }

  #changed (id: string, look: SpaceLook): void {
    const before = this.#looked.get(id) ?? NOTHING
    if (before.status === look.status && before.provisional === look.provisional && before.name === look.name) return
    // What was not known before has not changed.
    if (before.status !== look.status && before.status !== null) this.#fading.begin(id, before, performance.now())
    this.#looked.set(id, look)
    this.#painter.spoil(id)
    this.#touched.add(id)
  }

  #draw (now: number): void {
    this.#frame = 0
    if (this.#size.width === 0) return
    this.#palette ??= this.#paletteNow()
    const picture = this.#picture(this.#palette)
    const { view } = picture
    if (this.#touched.size > MANY) this.#settle()
    const before = this.#drawnAt
    const isWhole = before === null || before.scale !== view.scale || this.#looks.here !== null || this.#isTangled()
    const isUncovered = isWhole && this.#touched.size > 0
    if (isWhole) this.#painter.paint(picture)
    else if (before.x !== view.x || before.y !== view.y) this.#painter.shift(picture, view.x - before.x, view.y - before.y)
    this.#drawnAt = view
    this.#paintTouched(picture, now)
    if (isWhole) {
      if (isUncovered) this.#painter.paintRings(picture)
      if (this.#looks.here !== null) drawHere(this.#ctx, this.#looks.here, { ...picture, shapes: this.#shapes })
    }
    if (this.#touched.size > 0) this.#askForFrame()
  }

  /** So many at once are a floor that was read anew: it is drawn as a whole, and nothing fades. */
  #settle (): void {
    this.#touched.clear()
    this.#fading.clear()
    this.#drawnAt = null
  }

  /** Whether what has changed cannot be drawn without what lies around it. */
  #isTangled (): boolean {
    if (this.#touched.size === 0) return false
    const reach = REACH / this.view.scale
    const ringed = this.#ringed().map(({ box }) => ({ x: box.x - reach, y: box.y - reach, width: box.width + 2 * reach, height: box.height + 2 * reach }))
    for (const id of this.#touched) {
      const space = this.#painter.space(id)
      if (space !== undefined && (!this.#painter.standsAlone(id) || ringed.some(box => overlaps(box, space.box)))) return true
    }
    return false
  }

  #paintTouched (picture: Picture, now: number): void {
    for (const id of this.#touched) {
      const space = this.#painter.space(id)
      const fade = this.#fading.of(id, now)
      if (fade === null) this.#touched.delete(id)
      if (space !== undefined && this.#painter.standsAlone(id)) this.#painter.paintSpace(space, picture, fade)
    }
  }

  #ringed (): SpaceShape[] {
    const { chosen, focused, mine } = this.#looks
    return [...new Set([...mine, focused, chosen])].flatMap(id => {
      const space = id === null ? undefined : this.#painter.space(id)
      return space === undefined ? [] : [space]
    })
  }

  #rings (): Ring[] {
    const { chosen, focused, mine } = this.#looks
    const width = Math.max(2, Math.min(4, this.view.scale * 0.1))
    return this.#ringed().map((space): Ring => {
      if (space.id === chosen) return { space, width: width * 1.4, away: 0 }
      if (space.id === focused) return { space, width, away: 2, dash: [6, 4] }
      return { space, width, away: mine.has(space.id) ? 0 : 1 }
    })
  }

  #picture (palette: Palette): Picture {
    const { textPx, wanted } = this.#looks
    return { view: snappedView(this.view, this.#ratio), size: this.#size, ratio: this.#ratio, palette, textPx, wanted, rings: this.#rings(), look: id => this.#looked.get(id) ?? NOTHING }
  }

  #paletteNow (): Palette {
    const palette = paletteAt(this.#canvas.parentElement ?? document.body)
    return this.#floor.freshness.state === 'stale' ? withoutColour(palette) : palette
  }

  #resize (): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas
    const ratio = Math.min(devicePixelRatio, 3)
    this.#size = { width, height }
    this.#ratio = ratio
    this.#canvas.width = Math.round(width * ratio)
    this.#canvas.height = Math.round(height * ratio)
    this.#ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.#drawnAt = null
    // At once: an emptied canvas would flash.
    if (width > 0) this.#draw(performance.now())
  }

  #listen (target: EventTarget, event: string, listener: () => void): void {
    target.addEventListener(event, listener)
    this.#ends.push(() => target.removeEventListener(event, listener))
  }
}

function lookOf (space: Space): SpaceLook {
  return { status: space.status, provisional: space.provisional === true || space.pending !== undefined, name: space.occupant?.name ?? null }
}
