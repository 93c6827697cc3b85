import type { FloorCanvas } from '../plan/floor-canvas.ts'
import type { Box } from '../plan/shapes.ts'
import { broughtInSight, centredOn, isInSight, startOf, viewOf, type PlanView } from '../plan/view.ts'
import { centreOf, type SpaceShape } from '../plan/shapes.ts'
import type { Moving } from './moving.ts'

/** Pixels around the whole floor. */
const MARGIN = 16
/** Pixels a metre: a desk's short side is 14 then, and its mark is told from the others without a glass. */
const READABLE = 18
const START = { enough: 11, readable: READABLE, large: 26 }
/** Where somebody's name fits on a desk, with room to spare. */
const MOST = 90
/** Pixels from the edge at which a chosen space is still well seen. */
const WELL_SEEN = 24
/** Milliseconds. */
const GLIDE_MS = 220
const STEP = 1.6

/** Where the plan lies, and how it gets elsewhere. Works from the first picture on; fingers and wheel come with the chunk that is loaded after it. */
export class PlanMover {
  readonly #canvas: FloorCanvas
  readonly #element: HTMLCanvasElement
  readonly #still: () => boolean
  #box: Box
  #view: PlanView
  #moving: Moving | null = null
  #frame = 0

  /** `still`: nothing may glide. */
  constructor (canvas: FloorCanvas, element: HTMLCanvasElement, box: Box, target: SpaceShape | null, still: () => boolean) {
    this.#canvas = canvas
    this.#element = element
    this.#still = still
    this.#box = box
    this.#view = startOf(box, canvas.size, MARGIN, START)
    // Whole floors stay whole; where it begins with a part, it is the part with the target.
    if (target !== null && !isInSight(target.box, this.#view, canvas.size, WELL_SEEN)) this.#view = centredOn(centreOf(target.box), Math.max(READABLE * 1.3, this.#view.scale), canvas.size)
    this.#set(this.#view)
  }

  get view (): PlanView {
    return this.#view
  }

  /** After the first picture. */
  async follow (): Promise<void> {
    const { moving } = await import('./moving.ts')
    if (this.#frame < 0) return
    this.#moving = moving(this.#element, view => this.#set(view))
    this.resized()
  }

  /** The plan or the canvas has another size. */
  resized (): void {
    this.#moving?.bounds({ box: this.#box, size: this.#canvas.size, least: this.#least, most: MOST, margin: MARGIN })
    this.#moving?.to(this.#view)
  }

  reshaped (box: Box): void {
    this.#box = box
    this.resized()
    this.begin()
  }

  whole (): void {
    this.#glide(viewOf(this.#box, this.#canvas.size, MARGIN))
  }

  begin (): void {
    this.#put(startOf(this.#box, this.#canvas.size, MARGIN, START))
  }

  zoom (direction: 'in' | 'out'): void {
    const { scale, x, y } = this.#view
    const next = Math.min(MOST, Math.max(this.#least, direction === 'in' ? scale * STEP : scale / STEP))
    const { width, height } = this.#canvas.size
    this.#glide({ scale: next, x: width / 2 - (width / 2 - x) / scale * next, y: height / 2 - (height / 2 - y) / scale * next })
  }

  /** Moves no more than has to be. */
  see ({ box }: SpaceShape, comeCloser: boolean): void {
    const { size } = this.#canvas
    const isSeen = isInSight(box, this.#view, size, WELL_SEEN)
    const closer = comeCloser && this.#view.scale < START.enough
    if (isSeen && !closer) return
    this.#glide(closer ? centredOn(centreOf(box), READABLE * 1.3, size) : broughtInSight(box, this.#view, size, WELL_SEEN * 2))
  }

  end (): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = -1
    this.#moving?.end()
  }

  get #least (): number {
    return Math.min(READABLE, viewOf(this.#box, this.#canvas.size, MARGIN).scale)
  }

  #glide (to: PlanView): void {
    cancelAnimationFrame(this.#frame)
    if (this.#still()) return this.#put(to)
    const from = this.#view
    const began = performance.now()
    const step = (now: number): void => {
      const done = Math.min(1, Math.max(0, (now - began) / GLIDE_MS))
      const eased = 1 - (1 - done) ** 3
      const scale = from.scale * (to.scale / from.scale) ** eased
      const { width, height } = this.#canvas.size
      // The middle of the picture goes straight, whatever the scale does meanwhile.
      const middle = (view: PlanView) => ({ x: (width / 2 - view.x) / view.scale, y: (height / 2 - view.y) / view.scale })
      const [a, b] = [middle(from), middle(to)]
      this.#put(done === 1 ? to : centredOn({ x: a.x + (b.x - a.x) * eased, y: a.y + (b.y - a.y) * eased }, scale, { width, height }))
      if (done < 1) this.#frame = requestAnimationFrame(step)
    }
    this.#frame = requestAnimationFrame(step)
  }

  #put (view: PlanView): void {
    if (this.#moving === null) this.#set(view)
    else this.#moving.to(view)
  }

  #set (view: PlanView): void {
    this.#view = view
    this.#canvas.set({ view })
  }
}
