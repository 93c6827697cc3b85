import type { View } from '../protocol/view.ts'
import type { Command } from './command.ts'
import type { KnownClaim } from './known-claims.ts'
import type { Pending } from './space.ts'

/** What a command is expected to do to one space. */
export interface Effect {
  readonly space: string
  /** Null: that of the command's answer. */
  readonly floor: string | null
  readonly pending: Pending
  /** Pure; gives the view itself where it would not change. */
  readonly change: (view: View) => View
}

/** Whether a claim begins "now": clocks differ, and so do a second's ends. */
const JUST_NOW_MS = 60_000

/** `known`: the claim that it is about; without it there is nothing to guess. `now`: Unix milliseconds of the server. */
export function effectsOf (command: Command, known: KnownClaim | undefined, now: number): Effect[] {
  if (known === undefined || !('claim' in command)) return []
  const { space, floor } = known
  const begun = known.from <= now + JUST_NOW_MS
  const effect = (change: Effect['change']): Effect => ({ space, floor, pending: command.type, change: begun ? change : unchanged })
  switch (command.type) {
    case 'claim':
      return [begun ? effect(view => taken(view, known, now)) : { ...effect(unchanged), change: view => booked(view, known.from) }]
    case 'checkIn':
      return [effect(view => view.status === 'reserved' ? { ...view, status: 'occupied', since: moment(now) } : view)]
    case 'release':
      return [effect(view => freed(view, now))]
    case 'change': {
      const { space: target = space, to = known.to } = command.change
      if (target === space) return [effect(view => isClaimed(view) && to !== undefined ? { ...view, until: to } : view)]
      return [effect(view => freed(view, now)), { ...effect(view => taken(view, { ...known, to }, now)), space: target, floor: null }]
    }
  }
}

function unchanged (view: View): View {
  return view
}

/** Of a claim that has begun: a sensor's reading alone is none. */
function isClaimed ({ status, by }: View): boolean {
  return status === 'reserved' || (status === 'occupied' && by === undefined)
}

/** What is claimed or blocked already stays as it is: most likely the command will be refused. */
function taken (view: View, { to, present }: KnownClaim, now: number): View {
  if (isClaimed(view) || view.status === 'blocked') return view
  return { id: view.id, status: present ? 'occupied' : 'reserved', since: moment(now), ...(to !== undefined && { until: to }), ...rest(view) }
}

function freed (view: View, now: number): View {
  return isClaimed(view) ? { id: view.id, status: 'free', since: moment(now), ...rest(view) } : view
}

function booked (view: View, from: number): View {
  return view.next !== undefined && Date.parse(view.next) <= from ? view : { ...view, next: moment(from) }
}

function rest ({ next }: View): Pick<View, 'next'> {
  return next === undefined ? {} : { next }
}

/** As the wire has it. */
function moment (at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
