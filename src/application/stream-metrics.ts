/** What the live stream counts (INV-8: each bound has its metric). Implemented over a metrics library elsewhere. */
export interface StreamMetrics {
  /** Frames handed to sockets, and their bytes as JSON. */
  sent (frames: number, bytes: number): void
  /** Open sessions, by so many more or less. */
  sessions (by: number): void
  /** Watches of floors, by so many more or less. */
  watchers (by: number): void
  /** Floors that this node follows, by so many more or less. */
  replicas (by: number): void
  /** A socket began to be passed by. */
  passedBy (): void
  /** A socket was closed TOO_SLOW. */
  closedSlow (): void
  /** A replica missed a message, or was found behind. */
  gap (): void
  /** A replica was read from the store, whole. */
  floorRead (): void
  /** A snapshot was encoded; those served from the cache do not count. */
  snapshot (): void
}

/** Counts nothing. */
export const NO_METRICS: StreamMetrics = {
  sent () {}, sessions () {}, watchers () {}, replicas () {}, passedBy () {}, closedSlow () {}, gap () {}, floorRead () {}, snapshot () {}
}
