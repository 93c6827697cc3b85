/** In hundredths of the screen's shorter side, as the style sheets have it: what the column of numbers is high, and what a row takes. */
const COLUMN = 86
const CARD = 20.3
const HEADING = 3.1
const ROW = 6.3
const SMALL_ROW = 5
const FEWEST_ZONES = 2
const MOST_ZONES = 6
const MOST_FLOORS = 8
/** Hung upright the plan is between the two, and gives way. */
const UPRIGHT = { zonesAtMost: 4, floorsAtMost: 7 }

/** How many zones and floors have room, in rows that can be read from afar. `floors`: for each whether it has a whole row, and not a line. */
export function roomFor (portrait: boolean, floors: readonly boolean[]): { zonesAtMost: number, floorsAtMost: number } {
  if (portrait) return UPRIGHT
  const listed = floors.slice(0, MOST_FLOORS)
  const list = listed.length < 2 ? 0 : HEADING + listed.reduce((sum, whole) => sum + (whole ? ROW : SMALL_ROW), 0)
  const zones = Math.floor((COLUMN - CARD - list) / ROW)
  return { zonesAtMost: Math.min(MOST_ZONES, Math.max(FEWEST_ZONES, zones)), floorsAtMost: MOST_FLOORS }
}
