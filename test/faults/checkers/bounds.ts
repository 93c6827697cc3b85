import type { Problem } from './problem.ts'

/** What was seen of one node at one moment. Null: it did not say. */
export interface Sample {
  node: number
  /** Resident memory, in bytes. */
  memory: number | null
  /** Commits in the outboxes of the shards that it keeps. */
  outbox: number | null
}

/** A node of this size takes a third of it; one that keeps what it should let go passes it within minutes (INV-8). */
export const MOST_MEMORY = 512 * 1024 * 1024

/** Nothing that waits, and nothing that is kept, grows without end (INV-8). */
export function checkBounds (samples: readonly Sample[], outboxLimit: number): Problem[] {
  const most = (of: (sample: Sample) => number | null): number => Math.max(0, ...samples.map(sample => of(sample) ?? 0))
  const problems: Problem[] = []
  const [memory, outbox] = [most(({ memory }) => memory), most(({ outbox }) => outbox)]
  if (memory > MOST_MEMORY) problems.push({ kind: 'unbounded', invariant: 'INV-8', what: `a node took ${Math.round(memory / 1024 / 1024)} MB` })
  if (outbox > outboxLimit) problems.push({ kind: 'unbounded', invariant: 'INV-8', what: `${outbox} commits waited in an outbox of ${outboxLimit}` })
  return problems
}
