import type { Audience } from '../domain/audience.ts'
import type { FloorId } from '../domain/ids.ts'
import type { ServerFrame } from '../protocol/frames.ts'

/** Where a receiver stands once it has this frame. */
export interface Mark {
  floor: FloorId
  audience: Audience
  epoch: number
  seq: number
}

/** One server frame, built once and sent to many. What a transport puts on its wire is an `Encoding` of it. Never changes. */
export class Frame {
  readonly type: ServerFrame['type']
  /** JSON. */
  readonly text: string
  /** Null: the frame moves no position. */
  readonly mark: Mark | null
  #bytes = -1

  constructor (type: ServerFrame['type'], text: string, mark: Mark | null = null) {
    this.type = type
    this.text = text
    this.mark = mark
  }

  static of (frame: ServerFrame): Frame {
    return new Frame(frame.type, JSON.stringify(frame))
  }

  /** Of the JSON in UTF-8, counted at the first question. */
  get bytes (): number {
    if (this.#bytes < 0) this.#bytes = Buffer.byteLength(this.text)
    return this.#bytes
  }
}

/**
 * A transport's form of frames, made once per frame and kept as long as the frame. A ring sends one frame to many sockets in a row, so the last one made is at hand
 * without a look-up.
 */
export class Encoding<T extends object> {
  readonly #make: (frame: Frame) => T
  readonly #made = new WeakMap<Frame, T>()
  #last: { frame: Frame, made: T } | null = null

  constructor (make: (frame: Frame) => T) {
    this.#make = make
  }

  of (frame: Frame): T {
    if (this.#last?.frame === frame) return this.#last.made
    const made = this.#made.get(frame) ?? this.#make(frame)
    this.#made.set(frame, made)
    this.#last = { frame, made }
    return made
  }
}

/** The form of a mark in SSE ids and ETags: `<epoch>-<seq>-<audience>`. */
export function markText ({ epoch, seq, audience }: Mark): string {
  return `${epoch}-${seq}-${audience}`
}
