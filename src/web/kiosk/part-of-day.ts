export type PartOfDay = 'morning' | 'day' | 'evening'

/** `minutes` after the site's midnight. Who comes before five has been up all night. */
export function partOfDay (minutes: number): PartOfDay {
  if (minutes >= 5 * 60 && minutes < 12 * 60) return 'morning'
  return minutes >= 12 * 60 && minutes < 18 * 60 ? 'day' : 'evening'
}
