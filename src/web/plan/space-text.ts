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
const NAME_ROOM = 4.2

/**
 * Where there is room for three rows, the label and who sits there; where there is room for two, who sits there, since that says more than what the place is called; below
 * that the mark alone. Nothing is written over an edge.
 */
export function spaceText ({ label, name, box, px, isRoom, width }: SpaceTextParts): SpaceText {
  const room = box.width - px * 0.6
  if (box.height < px * (isRoom ? ROOM_LABEL_ROOM : LABEL_ROOM)) return { lines: [], markY: 0 }
  const shownLabel = label !== '' && width(label) <= room ? label : null
  const shownName = name === null ? null : shortened(name, room, width)
  if (shownLabel === null || shownName === null || box.height < px * NAME_ROOM) {
    const text = shownName ?? shownLabel
    return text === null ? { lines: [], markY: 0 } : { lines: [{ text, y: -px * 0.62, soft: false }], markY: px * 0.72 }
  }
  return { lines: [{ text: label, y: -px * LINE, soft: false }, { text: shownName, y: 0, soft: true }], markY: px * LINE }
}

/** The whole name, or its first part that is no title (Dr.) and an initial; null: not even that has room. */
export function shortened (name: string, room: number, width: (text: string) => number): string | null {
  const parts = name.split(/\s+/)
  const given = parts.findIndex(part => !part.endsWith('.'))
  const [first = name, ...more] = parts.slice(Math.max(0, given))
  const last = more.at(-1)
  return [name, ...last === undefined ? [] : [`${first} ${last.charAt(0)}.`]].find(text => width(text) <= room) ?? null
}

/** Letters that say something. */
const SHORTEST = 4

/** As much of a text as has room; null: too little to say anything. */
export function cut (text: string, room: number, width: (text: string) => number): string | null {
  for (let length = text.length; length >= Math.min(SHORTEST, text.length); length--) {
    const part = length === text.length ? text : `${text.slice(0, length).trimEnd()}…`
    if (width(part) <= room) return part
  }
  return null
}
