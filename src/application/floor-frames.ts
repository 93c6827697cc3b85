import { audienceOf, type Viewer } from '../domain/audience.ts'
import type { FloorId } from '../domain/ids.ts'
import type { FloorState } from './floor-state.ts'
import { Frame } from './frame.ts'

/** The whole floor as a viewer may see it. `counts` gets no spaces (INV-7). */
export function snapshotFrame (floor: FloorId, state: FloorState, viewer: Viewer): Frame {
  const { epoch, seq, plan } = state
  const audience = audienceOf(viewer, state)
  const views = audience === 'counts' ? [] : state.views(audience)
  const text = `{"type":"snapshot","floor":"${floor}","epoch":${epoch},"seq":${seq},"plan":${plan},"audience":"${audience}",` +
    `"spaces":[${views.join(',')}],"counts":${state.countsText(audience)}}`
  return new Frame('snapshot', text, { floor, audience, epoch, seq })
}

/** What changed since `from`. Null: nothing less than a snapshot will do. */
export function diffFrame (floor: FloorId, state: FloorState, viewer: Viewer, from: number): Frame | null {
  const { epoch, seq } = state
  const audience = audienceOf(viewer, state)
  if (!state.covers(from)) return null
  const { views, gone } = audience === 'counts' ? { views: [], gone: [] } : state.changesSince(from, audience)
  const counts = state.countsSince(from, audience)
  const text = `{"type":"diff","floor":"${floor}","epoch":${epoch},"from":${from},"to":${seq},"spaces":[${views.join(',')}]` +
    `${gone.length === 0 ? '' : `,"gone":${JSON.stringify(gone)}`}${counts === null ? '' : `,${counts}`}}`
  return new Frame('diff', text, { floor, audience, epoch, seq })
}
