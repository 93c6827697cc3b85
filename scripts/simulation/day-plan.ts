import type { Random } from '../../src/cli/seed/random.ts'
import type { SpaceKind } from '../../src/domain/space.ts'
import { DAY_MINUTES } from './options.ts'
import type { Stay, Turn } from './stay.ts'

/** How a working day goes, as shares of those who come. Minutes count from six in the morning. */
const BOOKS_A_DESK = 0.5
const USES_A_KIOSK = 0.2
const NEVER_COMES = 0.08
const LEAVES_EARLY = 0.3
const EXTENDS = 0.12
const SHORTENS = 0.08
const MOVES = 0.08

/** What one person does on one day, by when they ask for it. */
export function dayOf (random: Random, isDriver: boolean): Stay[] {
  const arrival = arrivalMinute(random)
  const leaves = Math.min(DAY_MINUTES - 5, arrival + random.between(240, 560))
  const stays = [deskStay(random, arrival, leaves)]
  const comes = stays[0]?.how !== 'booked' || stays[0].turns.length > 0
  if (!comes) return stays
  if (isDriver && random.chance(0.8)) stays.push(visit(random, 'parking', arrival - random.between(4, 12), leaves + 8))
  if (random.chance(0.06)) stays.push(visit(random, 'locker', arrival + 3, leaves))
  for (const from of meetings(random, arrival, leaves)) stays.push(booked(random, 'room', from, from + random.pick([30, 30, 45, 60, 90])))
  if (random.chance(0.15)) stays.push(call(random, random.between(arrival + 10, leaves - 20)))
  return stays.filter(stay => stay.to > stay.from + 1).sort((a, b) => a.asksAt - b.asksAt)
}

/** Half past eight, give or take; a fifth come in a second wave. The sum of three throws is nearly a bell. */
function arrivalMinute (random: Random): number {
  const bell = (random.next() + random.next() + random.next()) / 3
  return Math.max(15, Math.round(random.chance(0.2) ? 180 + bell * 240 : 60 + bell * 180))
}

function deskStay (random: Random, arrival: number, leaves: number): Stay {
  const to = random.chance(LEAVES_EARLY) ? Math.min(DAY_MINUTES, leaves + random.between(30, 150)) : leaves
  if (random.chance(BOOKS_A_DESK)) return booked(random, 'desk', arrival, to, leaves)
  const turns = [...changes(random, arrival, to), ...departure(leaves, to)]
  return { kind: 'desk', how: random.chance(USES_A_KIOSK / (1 - BOOKS_A_DESK)) ? 'badge' : 'walk-in', asksAt: arrival, from: arrival, to, turns: inOrder(turns) }
}

/** Booked a while ahead. Somebody who never comes has no turns; somebody who thinks better of it has a release alone. */
function booked (random: Random, kind: SpaceKind, from: number, to: number, leaves = to): Stay {
  const stay = { kind, how: 'booked' as const, asksAt: Math.max(0, from - random.between(12, 100)), from, to }
  if (random.chance(NEVER_COMES)) return { ...stay, turns: random.chance(0.4) ? [{ turn: 'release', at: from - random.between(2, 10) }] : [] }
  const comes = from + random.between(-9, 8)
  return { ...stay, turns: inOrder([{ turn: 'check-in', at: comes }, ...changes(random, comes, to), ...departure(leaves, to)]) }
}

function visit (random: Random, kind: SpaceKind, from: number, to: number): Stay {
  return random.chance(0.4) ? booked(random, kind, Math.max(15, from), to) : { kind, how: 'walk-in', asksAt: from, from, to, turns: departure(to - random.between(0, 40), to) }
}

/** A call in a booth: longer or shorter than it was meant to be. */
function call (random: Random, from: number): Stay {
  const to = from + random.between(10, 40)
  return { kind: 'booth', how: 'walk-in', asksAt: from, from, to, turns: departure(from + random.between(5, 40), to) }
}

/** On the half hours, as meetings are. */
function meetings (random: Random, arrival: number, leaves: number): number[] {
  if (!random.chance(0.12)) return []
  const from = Math.ceil(random.between(arrival + 10, Math.max(arrival + 11, leaves - 100)) / 30) * 30
  return from + 30 < leaves ? [from] : []
}

function changes (random: Random, from: number, to: number): Turn[] {
  const turns: Turn[] = []
  const at = (least: number, most: number) => from + Math.round((to - from) * (least + random.next() * (most - least)))
  if (random.chance(MOVES)) turns.push({ turn: 'move', at: at(0.2, 0.5) })
  if (random.chance(EXTENDS)) turns.push({ turn: 'extend', at: at(0.6, 0.9), to: Math.min(DAY_MINUTES, to + random.between(15, 90)) })
  else if (random.chance(SHORTENS)) turns.push({ turn: 'shorten', at: at(0.3, 0.6), to: Math.max(at(0.7, 0.7), to - random.between(15, 60)) })
  return turns
}

function departure (leaves: number, to: number): Turn[] {
  return leaves < to ? [{ turn: 'release', at: leaves }] : []
}

/** A release is the end, whatever was meant to come after it. */
function inOrder (turns: readonly Turn[]): Turn[] {
  const sorted = [...turns].sort((a, b) => a.at - b.at)
  const end = sorted.findIndex(({ turn }) => turn === 'release')
  return end < 0 ? sorted : sorted.slice(0, end + 1)
}
