import { isDeepStrictEqual } from 'node:util'
import { v7 as claimId } from 'uuid'
import type { Random } from '../../src/cli/seed/random.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { ClaimRequest } from '../../src/protocol/requests.ts'
import { toMoment } from '../../src/protocol/time.ts'
import type { Caller } from './caller.ts'
import type { Command } from './command.ts'
import type { DayClock } from './day-clock.ts'
import type { Worker } from './directory.ts'
import type { Figures } from './figures.ts'
import type { SpaceFinder } from './space-finder.ts'
import type { Stay, Turn } from './stay.ts'

export interface Life {
  clock: DayClock
  caller: Caller
  finder: SpaceFinder
  figures: Figures
  /** Spaces that somebody sits in, whatever the server knows of it: what sensors see. */
  occupied: Set<string>
  /** Claims that run, as far as we know. */
  held: Set<string>
}

/** Who finds a space taken tries again so often. */
const TRIES = 4
/** The shortest claim, whatever the speed: claims begin and end on whole seconds. */
const SHORTEST_MS = 3_000
/** Share of the claims that are asked for twice, as by an impatient finger. */
const ASKED_TWICE = 0.03

/** One person makes one claim and does with it what they mean to. False: they did not get a space. @throws AbortError */
export async function liveStay (life: Life, worker: Worker, site: string, stay: Stay, random: Random, signal: AbortSignal): Promise<boolean> {
  await life.clock.until(stay.asksAt, signal)
  const claim = await obtain(life, worker, site, stay, random)
  if (claim === null) return false
  life.held.add(claim.id)
  const held = { claim }
  try {
    if (stay.how !== 'booked') life.occupied.add(claim.space)
    for (const turn of stay.turns) {
      await life.clock.until(turn.at, signal)
      if (!await take(life, worker, site, held, turn, random)) return true
    }
    await life.clock.until((Date.parse(held.claim.to) - life.clock.momentOf(0)) / life.clock.realMs(1), signal)
  } finally {
    life.held.delete(claim.id)
    life.occupied.delete(held.claim.space)
  }
  return true
}

async function obtain (life: Life, worker: Worker, site: string, stay: Stay, random: Random): Promise<ClaimView | null> {
  let offered: readonly string[] = []
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const space = offered.length > 0 ? random.pick(offered) : life.finder.find(worker, stay.kind, site, random)?.id
    if (space === undefined) return null
    const command: Command = { call: 'claim', claim: claimId(), request: requestOf(life.clock, worker, stay, space) }
    const answer = await life.caller.perform(command)
    if (answer.state === 'done') {
      if (random.chance(ASKED_TWICE)) await repeat(life, command, answer.claim)
      return answer.claim
    }
    if (answer.state === 'unanswered' || !['SPACE_TAKEN', 'SPACE_BLOCKED'].includes(answer.code)) return null
    offered = answer.alternatives.map(alternative => alternative.space)
  }
  return null
}

/** The same again must give the same claim (INV-4). */
async function repeat ({ caller, figures }: Life, command: Command, claim: ClaimView): Promise<void> {
  const answer = await caller.perform(command)
  if (answer.state === 'unanswered') return
  const { id, space, person, from } = claim
  const same = answer.state === 'done' && isDeepStrictEqual({ id, space, person }, { id: answer.claim.id, space: answer.claim.space, person: answer.claim.person })
  if (!same) figures.violation(`claim ${id} of ${space} from ${from}, asked for again: ${answer.state === 'done' ? JSON.stringify(answer.claim) : answer.code}`)
}

function requestOf (clock: DayClock, worker: Worker, stay: Stay, space: string): ClaimRequest {
  const now = Date.now()
  const from = stay.how === 'booked' ? Math.max(now + 1_000, clock.momentOf(stay.from)) : now
  const to = toMoment(Math.max(from + SHORTEST_MS, clock.momentOf(stay.to)) + 999)
  if (stay.how === 'booked') return { space, person: worker.id, from: toMoment(from), to }
  const person = stay.how === 'badge' && worker.badge !== null ? { badge: worker.badge } : worker.id
  return { space, person, to, checkIn: true }
}

/** False: the claim is over. */
async function take (life: Life, worker: Worker, site: string, held: { claim: ClaimView }, turn: Turn, random: Random): Promise<boolean> {
  const { claim } = held
  const command = commandOf(life, worker, site, claim, turn, random)
  if (command === null) return true
  const answer = await life.caller.perform(command)
  if (answer.state === 'unanswered') return false
  if (answer.state === 'refused') return !['CLAIM_ENDED', 'CLAIM_UNKNOWN'].includes(answer.code)
  life.occupied.delete(claim.space)
  held.claim = answer.claim
  if (answer.claim.state === 'present') life.occupied.add(answer.claim.space)
  return answer.claim.state !== 'ended'
}

function commandOf ({ clock, finder }: Life, worker: Worker, site: string, claim: ClaimView, turn: Turn, random: Random): Command | null {
  switch (turn.turn) {
    case 'check-in': return { call: 'check-in', claim: claim.id }
    case 'release': return { call: 'release', claim: claim.id }
    case 'extend': return { call: 'change', claim: claim.id, change: { to: toMoment(Math.max(Date.parse(claim.to), clock.momentOf(turn.to)) + 999) } }
    case 'shorten': return { call: 'change', claim: claim.id, change: { to: toMoment(Math.max(Date.now() + SHORTEST_MS, clock.momentOf(turn.to))) } }
    case 'move': {
      const space = finder.find(worker, claim.kind, site, random)
      return space === null ? null : { call: 'change', claim: claim.id, change: { space: space.id } }
    }
  }
}
