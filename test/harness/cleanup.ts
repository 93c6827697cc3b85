/** What a test, or a benchmark in a test's place, gives to those that make things: where to say how they go away again. */
export interface Cleanup {
  /** Run once when the owner has ended, failed or not; may return a promise. One must not count on the order. */
  after (fn: () => unknown): void
}
