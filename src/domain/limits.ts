/** Bounds that hold whatever a policy says (INV-8). */

/** Active claims that touch one day of one space. A record is read and written whole, so its size is every commit's cost. */
export const CLAIMS_PER_SPACE_DAY = 96

/** Active claims of one person that touch one UTC day. */
export const CLAIMS_PER_PERSON_DAY = 64

/** Days of one space that have claims. */
export const DAYS_PER_SPACE = 400

/** Spaces on one floor, with those that were taken off. */
export const SPACES_PER_FLOOR = 2_000

/** Spaces that one commit touches. */
export const SPACES_PER_COMMIT = 200
