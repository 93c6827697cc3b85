/** Steps of the way. Each picture stands long enough not to be noticed, and nothing stands in the same place for a working day. */
const STEP_MS = 3 * 60_000
const SIDE = 5
/** There and back. */
const WAY = 2 * (SIDE - 1)

/**
 * Against burn-in: how far the whole picture stands from its place at that time, -1 to 1 of the room that there is, from left to right and back while it goes down and up. Each step
 * is a small one.
 */
export function shiftAt (now: number): { x: number, y: number } {
  const step = Math.floor(now / STEP_MS)
  return { x: there(step), y: there(Math.floor(step / WAY)) }
}

/** 0, 1 … and back again, as -1 to 1. */
function there (step: number): number {
  const at = step % WAY
  return (at < SIDE ? at : WAY - at) / (SIDE - 1) * 2 - 1
}
