/** What stands in the address of a display, like `/display/?floors=hq-2,hq-3&dwell=20&theme=dark&lang=de`. */
export interface DisplayOptions {
  /** Which floors are shown, in turn and in that order. Null: those of the site, its own first and longest. */
  floors: readonly string[] | null
  /** How long each is shown. */
  dwellMs: number
  /** `auto`: as the system has it. `time`: light by day, dark in the evening, on the site's clock. */
  theme: 'auto' | 'light' | 'dark' | 'time'
}

export type ThemeOption = DisplayOptions['theme']

const THEMES: readonly ThemeOption[] = ['auto', 'light', 'dark', 'time']
/** Seconds. Time to read a floor from afar, and not so long that somebody would wait for theirs. */
const DWELL_S = 20
const SHORTEST_DWELL_S = 5
const LONGEST_DWELL_S = 3_600

/** What is not understood is as if it were not there: a typing error must not leave a screen dark. */
export function displayOptions (search: string): DisplayOptions {
  const asked = new URLSearchParams(search)
  const floors = (asked.get('floors') ?? '').split(',').map(id => id.trim()).filter(id => id !== '')
  const dwellS = Number(asked.get('dwell') ?? NaN)
  return {
    floors: floors.length === 0 ? null : [...new Set(floors)],
    dwellMs: 1_000 * (dwellS > 0 ? Math.min(LONGEST_DWELL_S, Math.max(SHORTEST_DWELL_S, dwellS)) : DWELL_S),
    theme: THEMES.find(theme => theme === asked.get('theme')) ?? 'auto'
  }
}
