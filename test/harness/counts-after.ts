import { recounted } from '../../src/domain/counts.ts'
import type { DiffFrame } from '../../src/protocol/frames.ts'
import type { CountsView } from '../../src/protocol/view.ts'

/** What a client counts once it has applied a diff. */
export function countsAfter (before: CountsView, { counts, recount }: Pick<DiffFrame, 'counts' | 'recount'>): CountsView {
  return counts ?? recounted(before, recount ?? {})
}
