import type { Claim, ClaimLife } from '../../domain/claim.ts'
import type { Event } from '../../domain/event.ts'
import type { OrgId } from '../../domain/ids.ts'
import { impersonal, personIn } from '../../domain/nobody.ts'
import type { Block, Reading } from '../../domain/space.ts'
import type { LedgerEntry } from '../../application/ports.ts'
import { dayOf } from './subjects.ts'
import type { Row } from './unnest.ts'

/** `person`, `by_person` and `day` are what the subjects are looked up by, and are not stored. */
export const EVENTS = {
  org: 'text',
  floor: 'text',
  at: 'int8',
  seq: 'int8',
  idx: 'int2',
  n: 'int8',
  type: 'text',
  space: 'text',
  claim: 'uuid',
  by: 'text',
  body: 'jsonb',
  person: 'text',
  by_person: 'text',
  day: 'int4'
} as const

/** `hash` null: not told by these events. `checked_in_at`: of the last check-in among them. */
export const CLAIMS = {
  org: 'text',
  id: 'uuid',
  space: 'text',
  floor: 'text',
  kind: 'text',
  person: 'text',
  by: 'text',
  from_at: 'int8',
  to_at: 'int8',
  created_at: 'int8',
  sole: 'bool',
  state: 'text',
  release_at: 'int8',
  checked_in_at: 'int8',
  ended_at: 'int8',
  why: 'text',
  hash: 'text'
} as const

export const BLOCKS = { org: 'text', space: 'text', since: 'int8', until: 'int8', reason: 'text', by: 'text' } as const
export const UNBLOCKED = { org: 'text', space: 'text' } as const
export const READINGS = { org: 'text', space: 'text', value: 'text', at: 'int8', since: 'int8', stale_at: 'int8', marks: 'bool' } as const
export const SEQS = { org: 'text', floor: 'text', seq: 'int8' } as const

/** The first seq that a run of entries has of a floor: it must follow on what is recorded. */
export const FIRSTS = { org: 'text', floor: 'text', seq: 'int8' } as const

/** What a run of entries comes to, as rows: every event, but of each claim, block, reading and floor only how it is left. */
export interface Batch {
  events: Array<Row<typeof EVENTS>>
  claims: Array<Row<typeof CLAIMS>>
  blocks: Array<Row<typeof BLOCKS>>
  unblocked: Array<Row<typeof UNBLOCKED>>
  readings: Array<Row<typeof READINGS>>
  seqs: Array<Row<typeof SEQS>>
  firsts: Array<Row<typeof FIRSTS>>
}

export function emptyBatch (): Batch {
  return { events: [], claims: [], blocks: [], unblocked: [], readings: [], seqs: [], firsts: [] }
}

/** The last state of things by `org/id`; in the order in which they were first seen, so that a batch always writes in the same order. */
interface Last {
  claims: Map<string, Row<typeof CLAIMS>>
  blocks: Map<string, { org: OrgId, space: string, block: Block | null }>
  readings: Map<string, Row<typeof READINGS>>
  seqs: Map<string, Row<typeof SEQS>>
  firsts: Map<string, Row<typeof FIRSTS>>
}

/** The entries before the first one that does not follow on its floors' entries before it. */
export function upToGap (entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const last = new Map<string, number>()
  for (const [i, { seqs, entry: { org } }] of entries.entries()) {
    for (const [floor, seq] of seqs) {
      const before = last.get(`${org}/${floor}`)
      if (before !== undefined && seq !== before + 1) return entries.slice(0, i)
      last.set(`${org}/${floor}`, seq)
    }
  }
  return entries
}

export function collapse (entries: readonly LedgerEntry[]): Batch {
  const events: Batch['events'] = []
  const last: Last = { claims: new Map(), blocks: new Map(), readings: new Map(), seqs: new Map(), firsts: new Map() }
  for (const { n, seqs, entry: { org, at, by, events: told } } of entries) {
    for (const [floor, seq] of seqs) {
      const row = { org, floor, seq }
      if (!last.firsts.has(`${org}/${floor}`)) last.firsts.set(`${org}/${floor}`, row)
      last.seqs.set(`${org}/${floor}`, row)
    }
    for (const [idx, event] of told.entries()) {
      events.push({ ...eventColumns(event), org, at, seq: seqs.get(event.floor) ?? 0, idx, n, by: impersonal(by), by_person: personIn(by), day: dayOf(at) })
      follow(last, org, event)
    }
  }
  return {
    events,
    claims: [...last.claims.values()],
    ...blockRows(last.blocks.values()),
    readings: [...last.readings.values()],
    seqs: [...last.seqs.values()],
    firsts: [...last.firsts.values()]
  }
}

function eventColumns (event: Event): Pick<Row<typeof EVENTS>, 'floor' | 'type' | 'space' | 'claim' | 'body' | 'person'> {
  const { floor, type, ...rest } = event
  const body: Record<string, unknown> = { ...rest }
  delete body['space']
  if ('block' in event) body['block'] = { ...event.block, by: impersonal(event.block.by) }
  const columns = { floor, type, space: 'space' in event ? event.space : null }
  if (!('claim' in event)) return { ...columns, claim: null, person: null, body: JSON.stringify(body) }
  // Whose it was the claim's own row says, for as long as that is to be known.
  const { person, ...claim } = event.claim
  return { ...columns, claim: claim.id, person, body: JSON.stringify({ ...body, claim: { ...claim, by: impersonal(claim.by) } }) }
}

function follow (last: Last, org: OrgId, event: Event): void {
  if ('claim' in event) {
    const key = `${org}/${event.claim.id}`
    last.claims.set(key, claimRow(org, event.claim, event.type === 'granted' ? event.hash : null, last.claims.get(key)))
  } else if (event.type === 'blocked' || event.type === 'unblocked') {
    last.blocks.set(`${org}/${event.space}`, { org, space: event.space, block: event.type === 'blocked' ? event.block : null })
  } else if (event.type === 'read') {
    last.readings.set(`${org}/${event.space}`, readingRow(org, event.space, event.reading))
  }
}

/** `before`: what an earlier event of the batch told. */
export function claimRow (org: OrgId, claim: Claim, hash: string | null, before?: Row<typeof CLAIMS>): Row<typeof CLAIMS> {
  const { id, space, floor, kind, person, by, from, to, createdAt, sole, life } = claim
  const state = lifeColumns(life)
  return {
    org,
    id,
    space,
    floor,
    kind,
    person,
    by,
    from_at: from,
    to_at: to,
    created_at: createdAt,
    sole,
    ...state,
    checked_in_at: state.checked_in_at ?? (life.state === 'ended' ? before?.checked_in_at ?? null : null),
    hash: hash ?? before?.hash ?? null
  }
}

function lifeColumns (life: ClaimLife): Pick<Row<typeof CLAIMS>, 'state' | 'release_at' | 'checked_in_at' | 'ended_at' | 'why'> {
  const { state } = life
  const none = { release_at: null, checked_in_at: null, ended_at: null, why: null }
  switch (state) {
    case 'booked': return { ...none, state, release_at: life.releaseAt }
    case 'present': return { ...none, state, checked_in_at: life.since }
    case 'ended': return { ...none, state, ended_at: life.at, why: life.why }
  }
}

export function readingRow (org: OrgId, space: string, { value, at, since, staleAt, marks }: Reading): Row<typeof READINGS> {
  return { org, space, value, at, since, stale_at: staleAt, marks }
}

export function blockRows (blocks: Iterable<{ org: OrgId, space: string, block: Block | null }>): Pick<Batch, 'blocks' | 'unblocked'> {
  const rows: Pick<Batch, 'blocks' | 'unblocked'> = { blocks: [], unblocked: [] }
  for (const { org, space, block } of blocks) {
    if (block === null) rows.unblocked.push({ org, space })
    else rows.blocks.push({ org, space, since: block.since, until: block.until, reason: block.reason, by: block.by })
  }
  return rows
}
