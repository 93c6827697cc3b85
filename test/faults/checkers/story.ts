import { isActive, type Claim } from '../../../src/domain/claim.ts'
import { claimView } from '../../../src/protocol/claim.ts'
import type { Command } from '../../../scripts/simulation/command.ts'
import type { Operation, Outcome } from '../history.ts'
import type { LedgerDump, RecordedEvent } from '../ledger-dump.ts'

const FLOOR = 'f1'
const FROM = Date.UTC(2030, 0, 1, 9)
const HOUR = 3_600_000

/** A history written by hand, with the ledger that goes with it: both are true until the test changes one of them. Moments are whole numbers. */
export class Story {
  readonly operations: Operation[] = []
  readonly events: RecordedEvent[] = []
  epoch = 1
  #seq = 0

  /** A claim that is granted, answered and recorded. */
  grants (claim: string, space: string, person: string, [invokedAt, returnedAt]: readonly [number, number], persisted = true): Operation {
    const event = this.record('granted', claimOf(claim, space, person))
    return this.asked(invokedAt, returnedAt, { call: 'claim', claim, request: { space, person } }, person, answered(event, 201, persisted))
  }

  ends (claim: string, [invokedAt, returnedAt]: readonly [number, number], persisted = true): Operation {
    const last = this.#last(claim)
    const event = this.record('ended', { ...last, life: { state: 'ended', at: FROM, why: 'released' } })
    return this.asked(invokedAt, returnedAt, { call: 'release', claim }, last.person, answered(event, 200, persisted))
  }

  moves (claim: string, space: string, [invokedAt, returnedAt]: readonly [number, number], persisted = true): Operation {
    const last = this.#last(claim)
    const event = { ...this.record('moved', { ...last, space }), was: { floor: FLOOR, space: last.space } }
    this.events.splice(-1, 1, event)
    return this.asked(invokedAt, returnedAt, { call: 'change', claim, change: { space } }, last.person, answered(event, 200, persisted))
  }

  refuses (code: string, claim: string, space: string, person: string, [invokedAt, returnedAt]: readonly [number, number]): Operation {
    return this.asked(invokedAt, returnedAt, { call: 'claim', claim, request: { space, person } }, person, { type: 'fail', code })
  }

  asked (invokedAt: number, returnedAt: number | null, command: Command, person: string, outcome: Outcome): Operation {
    const operation: Operation = { op: this.operations.length, client: 0, node: 0, pid: 1, command, person, slot: 1, invokedAt, returnedAt, outcome }
    this.operations.push(operation)
    return operation
  }

  record (type: string, claim: Claim): RecordedEvent {
    const event = { floor: FLOOR, epoch: this.epoch, seq: ++this.#seq, idx: 0, n: this.#seq, type, claim, was: null }
    this.events.push(event)
    return event
  }

  /** What the ledger says when the story has been told. */
  get ledger (): LedgerDump {
    const last = new Map(this.events.flatMap(({ claim }) => claim === null ? [] : [[claim.id, claim] as const]))
    const claims = Array.from(last.values(), ({ id, space, person, from, to, life }) => ({ id, space, person, from, to, state: life.state, why: life.state === 'ended' ? life.why : null }))
    return { events: this.events, claims, seqs: new Map([[FLOOR, this.events.at(-1)?.seq ?? 0]]), epoch: this.epoch, quarantined: 0 }
  }

  /** What the store says in the end, if it says what the ledger says. */
  get held (): Array<{ claim: string, space: string, person: string, slot: number }> {
    const last = new Map(this.events.flatMap(({ claim }) => claim === null ? [] : [[claim.id, claim] as const]))
    return [...last.values()].filter(isActive).map(({ id, space, person }) => ({ claim: id, space, person, slot: 1 }))
  }

  #last (id: string): Claim {
    const claim = this.events.findLast(({ claim }) => claim?.id === id)?.claim
    if (claim === null || claim === undefined) throw new Error(`nothing was told of ${id}`)
    return claim
  }
}

export function claimOf (id: string, space: string, person: string): Claim {
  return { id, space, floor: FLOOR, kind: 'desk', person, by: 'key:admin', from: FROM, to: FROM + HOUR, createdAt: FROM - HOUR, sole: true, life: { state: 'booked', releaseAt: null } }
}

function answered ({ claim, floor, epoch, seq }: RecordedEvent, status: number, persisted: boolean): Outcome {
  if (claim === null) throw new Error('an answer is about a claim')
  return { type: 'ok', status, claim: claimView(claim), position: { floor, epoch, seq }, persisted }
}
