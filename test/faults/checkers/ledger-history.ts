import type { ClaimView } from '../../../src/protocol/claim.ts'
import type { Operation, Outcome } from '../history.ts'
import type { LedgerDump, RecordedEvent } from '../ledger-dump.ts'
import { byPosition, positionKey } from './ledger-order.ts'
import type { Problem } from './problem.ts'

/** What the answers and the ledger say of one another. */
export interface Told {
  problems: Problem[]
  /** Answers to which the ledger has the event, by the operation's number. */
  recorded: ReadonlyMap<number, RecordedEvent>
  /** Claims that were granted, never said to be persisted, and are not in the ledger: a fault took them, and nobody has given them back meanwhile. */
  lost: Operation[]
  persisted: number
}

type Answered = Operation & { outcome: Extract<Outcome, { type: 'ok' }> }

/** What each call that did something leaves in the ledger. */
const LEAVES = { claim: ['granted'], release: ['ended'], 'check-in': ['checked-in'], change: ['changed', 'moved'] } as const

/**
 * The ledger has what was said to be persisted (INV-5), once and with the content that was asked for (INV-4), and nothing that nobody asked for. What was answered and not said to be
 * persisted is there as well, or its epoch has ended.
 */
export function checkLedgerHistory (operations: readonly Operation[], dump: LedgerDump): Told {
  const told = { problems: [] as Problem[], recorded: new Map<number, RecordedEvent>(), lost: [] as Operation[], persisted: 0 }
  const positions = byPosition(dump.events)
  const lives = livesOf(dump.events)
  // Also where nobody knows: whoever gives a claim back does not miss it.
  const released = new Set(operations.flatMap(({ command, outcome }) => command.call === 'release' && outcome.type !== 'fail' ? [command.claim] : []))
  for (const operation of operations) {
    if (!isAnswered(operation)) continue
    const { outcome, command: { call, claim } } = operation
    const event = positions.get(positionKey(outcome.position))?.find(event => event.claim?.id === claim && LEAVES[call].some(type => type === event.type))
    if (event !== undefined) told.recorded.set(operation.op, event)
    if (outcome.persisted) {
      told.persisted++
      const kept = event !== undefined || isKept(outcome.claim, lives.get(claim) ?? [])
      if (!kept) told.problems.push({ kind: 'persisted lost', invariant: 'INV-5', what: `${describe(operation)} was said to be persisted; the ledger has ${(lives.get(claim) ?? []).map(({ type }) => type).join() || 'nothing'} of it` })
    } else if (event === undefined && isNew(operation)) {
      if (outcome.position.epoch < dump.epoch) {
        if (!lives.has(claim) && !released.has(claim)) told.lost.push(operation)
      } else told.problems.push({ kind: 'persisted lost', invariant: 'INV-5', what: `${describe(operation)} is not in the ledger, and its epoch goes on` })
    }
  }
  told.problems.push(...unaskedOf(operations, dump.events))
  return told
}

function isAnswered (operation: Operation): operation is Answered {
  return operation.outcome.type === 'ok'
}

/** The answer was made by a commit of its own, and is no repetition of an earlier one's. */
function isNew ({ command, outcome }: Answered): boolean {
  return command.call === 'claim' && outcome.status === 201
}

function livesOf (events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const lives = new Map<string, RecordedEvent[]>()
  for (const event of events) if (event.claim !== null) lives.set(event.claim.id, [...lives.get(event.claim.id) ?? [], event])
  return lives
}

/** A repetition names the position of now; somewhere in its life the claim was as the answer said. */
function isKept (view: ClaimView, life: readonly RecordedEvent[]): boolean {
  return life.some(({ claim }) => claim !== null && claim.space === view.space && claim.person === view.person && claim.life.state === view.state && claim.to === Date.parse(view.to))
}

/** Every claim in the ledger was asked for, like that. */
function unaskedOf (operations: readonly Operation[], events: readonly RecordedEvent[]): Problem[] {
  const asked = new Map<string, Operation>()
  const moves = new Map<string, Set<string>>()
  for (const operation of operations) {
    const { command } = operation
    if (command.call === 'claim') asked.set(command.claim, operation)
    if (command.call === 'change' && command.change.space !== undefined) moves.set(command.claim, (moves.get(command.claim) ?? new Set()).add(command.change.space))
  }
  const problems: Problem[] = []
  for (const { type, claim } of events) {
    if (claim === null) continue
    const operation = asked.get(claim.id)
    const isWanted = operation !== undefined && operation.command.call === 'claim' && operation.person === claim.person &&
      (operation.command.request.space === claim.space || moves.get(claim.id)?.has(claim.space) === true)
    if (!isWanted) problems.push({ kind: 'other content', invariant: 'INV-4', what: `the ledger has "${type}" of ${claim.id} for ${claim.person} on ${claim.space}, which nobody asked for` })
  }
  return problems
}

export function describe ({ op, command, outcome, invokedAt, returnedAt }: Operation): string {
  const answer = outcome.type === 'ok' ? `${outcome.status} ${outcome.persisted ? 'persisted' : 'provisional'} at ${positionKey(outcome.position)}` : outcome.type === 'fail' ? outcome.code : `unknown (${outcome.why})`
  const { call, claim, ...rest } = command
  return `#${op} ${call} ${claim} ${JSON.stringify(rest)} from ${invokedAt.toFixed(1)} to ${returnedAt?.toFixed(1) ?? 'ever'} ms: ${answer}`
}
