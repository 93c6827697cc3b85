import { isActive, type Claim } from '../../../src/domain/claim.ts'
import type { LedgerDump, RecordedEvent } from '../ledger-dump.ts'
import type { Problem } from './problem.ts'

/** What the ledger alone must be like: positions without gaps (INV-5), each claim with one life (INV-4), and nobody's time doubled at any event (INV-1, INV-2). `since`: positions before. */
export function checkLedgerOrder (dump: LedgerDump, since: ReadonlyMap<string, number>): Problem[] {
  return [...positionsOf(dump, since), ...livesOf(dump), ...rowsOf(dump), ...quarantineOf(dump)]
}

function positionsOf ({ events, seqs }: LedgerDump, since: ReadonlyMap<string, number>): Problem[] {
  const problems: Problem[] = []
  const last = new Map<string, { epoch: number, seq: number, idx: number }>()
  for (const { floor, epoch, seq, idx, was } of events) {
    const before = last.get(floor) ?? { epoch: 0, seq: since.get(floor) ?? 0, idx: Infinity }
    const follows = (seq === before.seq + 1 && epoch >= before.epoch) || (seq === before.seq && epoch === before.epoch && idx > before.idx)
    if (!follows) problems.push({ kind: 'not in order', invariant: 'INV-5', what: `${floor} has ${epoch}:${seq} after ${before.epoch}:${before.seq}` })
    last.set(floor, { epoch, seq, idx })
    // Whoever moves away has an event on the new floor alone; the old one has a position for it.
    if (was !== null && was.floor !== floor) last.set(was.floor, { epoch, seq: (last.get(was.floor)?.seq ?? since.get(was.floor) ?? 0) + 1, idx: Infinity })
  }
  for (const [floor, seq] of seqs) {
    const reached = last.get(floor)?.seq ?? since.get(floor) ?? 0
    if (reached !== seq) problems.push({ kind: 'not in order', invariant: 'INV-5', what: `${floor} is at ${seq}, and its last event at ${reached}` })
  }
  return problems
}

function livesOf ({ events }: LedgerDump): Problem[] {
  const problems: Problem[] = []
  const claims = new Map<string, Claim>()
  const bySpace = new Active(({ space }) => space)
  const byPerson = new Active(({ person, kind }) => `${person}'s ${kind}`)
  for (const { type, claim, floor, epoch, seq } of events) {
    if (claim === null) continue
    const at = `${floor} ${epoch}:${seq}`
    const known = claims.get(claim.id)
    if ((known === undefined) !== (type === 'granted')) problems.push({ kind: 'doubled', invariant: 'INV-4', what: `${at}: ${type} of ${claim.id} ${known === undefined ? 'first' : 'again'}` })
    if (known !== undefined && !isActive(known)) problems.push({ kind: 'doubled', invariant: 'INV-4', what: `${at}: ${type} of ${claim.id} after its end` })
    claims.set(claim.id, claim)
    for (const [list, invariant] of [[bySpace, 'INV-1'], [byPerson, 'INV-2']] as const) {
      const other = list.put(known, claim)
      if (other !== null) problems.push({ kind: 'doubled', invariant, what: `${at}: ${describe(claim)} beside ${describe(other)}` })
    }
  }
  return problems
}

/** Claims that run or are to come, by what only one of them may have at a time. */
class Active {
  readonly #keyOf: (claim: Claim) => string
  readonly #groups = new Map<string, Map<string, Claim>>()

  constructor (keyOf: (claim: Claim) => string) {
    this.#keyOf = keyOf
  }

  /** Gives one that is in its way. */
  put (before: Claim | undefined, claim: Claim): Claim | null {
    if (before !== undefined) this.#groups.get(this.#keyOf(before))?.delete(claim.id)
    if (!isActive(claim)) return null
    const group = this.#groups.get(this.#keyOf(claim)) ?? new Map<string, Claim>()
    this.#groups.set(this.#keyOf(claim), group)
    const other = [...group.values()].find(({ from, to }) => from < claim.to && claim.from < to)
    group.set(claim.id, claim)
    return other ?? null
  }
}

/** The rows are what the events come to. */
function rowsOf ({ events, claims }: LedgerDump): Problem[] {
  const last = new Map(events.flatMap(({ claim }) => claim === null ? [] : [[claim.id, claim] as const]))
  const rows = new Map(claims.map(row => [row.id, row]))
  const problems: Problem[] = []
  for (const [id, claim] of last) {
    const row = rows.get(id)
    const wanted = `${claim.space} ${claim.person} ${claim.from}-${claim.to} ${claim.life.state} ${claim.life.state === 'ended' ? claim.life.why : ''}`
    const found = row === undefined ? 'missing' : `${row.space} ${row.person} ${row.from}-${row.to} ${row.state} ${row.why ?? ''}`
    if (found !== wanted) problems.push({ kind: row === undefined ? 'persisted lost' : 'other content', invariant: 'INV-5', what: `claim ${id} is ${found} in the ledger; its events say ${wanted}` })
  }
  return problems
}

/** Nothing that these clients may ask for is refused by the ledger. */
function quarantineOf ({ quarantined }: LedgerDump): Problem[] {
  return quarantined === 0 ? [] : [{ kind: 'doubled', invariant: 'INV-1', what: `the ledger had to set ${quarantined} commits aside` }]
}

function describe ({ id, space, person, from, to }: Claim): string {
  return `${id} (${space}, ${person}, ${new Date(from).toISOString()} to ${new Date(to).toISOString()})`
}

/** By floor and position, for whoever was told one. */
export function byPosition (events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const found = new Map<string, RecordedEvent[]>()
  for (const event of events) {
    const key = positionKey(event)
    const list = found.get(key)
    if (list === undefined) found.set(key, [event])
    else list.push(event)
  }
  return found
}

export function positionKey ({ floor, epoch, seq }: { floor: string, epoch: number, seq: number }): string {
  return `${floor} ${epoch}:${seq}`
}
