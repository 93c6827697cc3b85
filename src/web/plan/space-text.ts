import type { Box } from './shapes.ts'

/** What is written on a space, and where its mark is then. Lines are in CSS pixels below the space's middle. */
export interface SpaceText {
  lines: ReadonlyArray<{ text: string, y: number, soft: boolean }>
  markY: number
}

export interface SpaceTextParts {
  label: string
  /** Who sits there, where that may be seen. */
  name: string | null
  box: Box
  px: number
  isRoom: boolean
  width: (text: string) => number
}

/** Heights in parts of the text's size: a line with its air. */
const LINE = 1.25
const LABEL_ROOM = 2.3
const ROOM_LABEL_ROOM = 2.6
const NAME_ROOM = 3.7

/** Names come where there is room for three rows, labels for two, and below that the mark alone: nothing is written over an edge. */
export function spaceText ({ label, name, box, px, isRoom, width }: SpaceTextParts): SpaceText {
  const room = box.width - px * 0.6
  const hasLabel = label !== '' && box.height >= px * (isRoom ? ROOM_LABEL_ROOM : LABEL_ROOM) && width(label) <= room
  if (!hasLabel) return { lines: [], markY: 0 }
  const shownName = name === null || box.height < px * NAME_ROOM ? null : shortened(name, room, width)
  if (shownName === null) return { lines: [{ text: label, y: -px * 0.62, soft: false }], markY: px * 0.72 }
  return { lines: [{ text: label, y: -px * LINE, soft: false }, { text: shownName, y: 0, soft: true }], markY: px * LINE }
}

/** The whole name, or its first part and an initial, or its first part; null: not even that has room. */
export function shortened (name: string, room: number, width: (text: string) => number): string | null {
  const [first = name, ...more] = name.split(' ')
  const last = more.at(-1)
  return [name, ...last === undefined ? [] : [`${first} ${last.charAt(0)}.`], first].find(text => width(text) <= room) ?? null
}
