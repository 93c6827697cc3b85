import type { Policy } from '../../domain/policy.ts'
import type { Span } from './day.ts'

/** Claims are chosen in steps of a quarter of an hour. */
export const STEP_MS = 15 * 60_000

/** `perhaps`: something is taken there, and nobody says until when; it may be asked for. */
export type Part = Span & { kind: 'taken' | 'perhaps' | 'mine' }

/** A space's day, as far as it is known. */
export interface Bar extends Span {
  now: number
  parts: readonly Part[]
  /** Where a claim may lie, in order. */
  gaps: readonly Span[]
}

/** What somebody wants. `from` null: now, whenever that is when they say so. */
export interface Wish {
  from: number | null
  to: number
}

/** What a time bar is made of. Moments are Unix milliseconds, or as the wire has them. */
export interface BarParts {
  /** What is shown of the day. */
  shown: Span
  now: number
  view: { status: string, since: string, until?: string | undefined, next?: string | undefined, by?: string | undefined }
  mine: ReadonlyArray<{ from: string, to: string }>
  /** Others' claims, where one may see them: then nothing is only perhaps so. */
  known?: ReadonlyArray<{ from: string, to: string }> | null
  /** It is the day of `now`: a view says nothing of any other. */
  today: boolean
}

export function barOf ({ shown, now, view, mine, known = null, today }: BarParts): Bar {
  const own = mine.map(({ from, to }): Part => ({ kind: 'mine', from: Date.parse(from), to: Date.parse(to) }))
  const others: Part[] = known !== null
    ? known.map(({ from, to }) => ({ kind: 'taken', from: Date.parse(from), to: Date.parse(to) }))
    : today ? partsOf(view, shown, own) : []
  const parts = [...others.filter(part => !own.some(mine => mine.from === part.from)), ...own]
    .map(part => ({ ...part, from: Math.max(part.from, shown.from), to: Math.min(part.to, shown.to) }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from)
  return { ...shown, now, parts, gaps: gapsOf(parts.filter(({ kind }) => kind !== 'perhaps'), Math.max(shown.from, now), shown.to) }
}

function partsOf (view: BarParts['view'], shown: Span, own: readonly Part[]): Part[] {
  const parts: Part[] = []
  const isTaken = view.status === 'blocked' || (view.by === undefined && (view.status === 'reserved' || view.status === 'occupied'))
  if (isTaken) parts.push({ kind: 'taken', from: Date.parse(view.since), to: view.until === undefined ? shown.to : Date.parse(view.until) })
  if (view.next !== undefined) {
    const next = Date.parse(view.next)
    const mine = own.find(({ from }) => from === next)
    if (mine === undefined) parts.push({ kind: 'taken', from: next, to: next + STEP_MS })
    parts.push({ kind: 'perhaps', from: mine?.to ?? next + STEP_MS, to: shown.to })
  }
  return parts
}

function gapsOf (taken: readonly Span[], from: number, to: number): Span[] {
  const gaps: Span[] = []
  let at = from
  for (const part of taken) {
    if (part.from > at) gaps.push({ from: at, to: Math.min(part.from, to) })
    at = Math.max(at, part.to)
  }
  if (at < to) gaps.push({ from: at, to })
  return gaps.filter(gap => gap.to > gap.from)
}

/** The next quarter of an hour, or the moment itself if it is one. Zones that are not whole quarters from UTC do not exist any more. */
export function quarterFrom (at: number): number {
  return Math.ceil(at / STEP_MS) * STEP_MS
}

/** What most people would want: from now or as soon as it is free, until somebody else has it, the house closes, or as long as one may; null: not on that day. */
export function defaultWish (bar: Bar, policy: Pick<Policy, 'longestStayMs'>): Wish | null {
  for (const gap of bar.gaps) {
    const wish = wishIn(bar, gap, gap.from, policy)
    if (wish !== null) return wish
  }
  return null
}

/** From about `at` on; null: it is taken then. */
export function wishAt (bar: Bar, at: number, policy: Pick<Policy, 'longestStayMs'>): Wish | null {
  const gap = bar.gaps.find(({ from, to }) => at >= from - STEP_MS && at < to)
  return gap === undefined ? null : wishIn(bar, gap, Math.max(at, gap.from), policy)
}

function wishIn (bar: Bar, gap: Span, at: number, { longestStayMs }: Pick<Policy, 'longestStayMs'>): Wish | null {
  const isNow = at <= bar.now
  const from = isNow ? bar.now : quarterFrom(at)
  const perhaps = bar.parts.find(part => part.kind === 'perhaps' && part.from <= from && part.to > from)
  // Where somebody may come, one does not ask for the whole day.
  const to = Math.min(gap.to, from + longestStayMs, perhaps === undefined ? Infinity : from + 4 * STEP_MS)
  return to - from < 60_000 ? null : { from: isNow ? null : from, to }
}

/** The beginning of a wish moved to `at`, in whole steps, inside its gap; at or before now means now. */
export function movedFrom (bar: Bar, wish: Wish, at: number): Wish {
  const gap = gapOf(bar, wish)
  const latest = quarterFrom(wish.to) - STEP_MS
  const earliest = gap?.from ?? bar.from
  const from = Math.min(Math.round(at / STEP_MS) * STEP_MS, latest)
  if (from <= bar.now) return { ...wish, from: earliest <= bar.now && bar.now < bar.to && bar.now >= bar.from ? null : quarterFrom(earliest) }
  return { ...wish, from: Math.max(from, quarterFrom(earliest)) }
}

/** Its end moved likewise; the gap's own end can be had even if it is no whole step. */
export function movedTo (bar: Bar, wish: Wish, at: number, { longestStayMs }: Pick<Policy, 'longestStayMs'>): Wish {
  const from = wish.from ?? bar.now
  const latest = Math.min(gapOf(bar, wish)?.to ?? bar.to, from + longestStayMs)
  const earliest = Math.floor(from / STEP_MS) * STEP_MS + STEP_MS
  return { ...wish, to: Math.min(latest, Math.max(earliest, Math.round(at / STEP_MS) * STEP_MS)) }
}

function gapOf (bar: Bar, wish: Wish): Span | undefined {
  const from = wish.from ?? bar.now
  return bar.gaps.find(gap => from >= gap.from - 1 && from < gap.to)
}

/** What was wished for, if it can still be had; else what can be. */
export function stillWished (bar: Bar, wish: Wish | null, policy: Pick<Policy, 'longestStayMs'>): Wish | null {
  if (wish === null) return defaultWish(bar, policy)
  const from = wish.from ?? bar.now
  const gap = bar.gaps.find(gap => from >= gap.from - 1 && from < gap.to)
  if (gap === undefined || (wish.from !== null && wish.from < bar.now)) return defaultWish(bar, policy)
  return wish.to <= gap.to && wish.to > from ? wish : { ...wish, to: gap.to }
}
