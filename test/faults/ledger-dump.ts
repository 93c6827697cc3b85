import { Client, types } from 'pg'
import type { Claim } from '../../src/domain/claim.ts'

/** An event as the ledger has it. */
export interface RecordedEvent {
  floor: string
  /** Of the stream that it came by. */
  epoch: number
  seq: number
  idx: number
  /** Of the commit in its stream. */
  n: number
  type: string
  /** As it was afterwards; null where the event is not about one. */
  claim: Claim | null
  /** Of one that moved: what it left. */
  was: { floor: string, space: string } | null
}

/** A row of the claims, as far as it is compared. Moments are Unix milliseconds. */
export interface RecordedClaim {
  id: string
  space: string
  person: string
  from: number
  to: number
  state: string
  why: string | null
}

/** What Postgres says. */
export interface LedgerDump {
  /** Since the positions that were asked for; in the order of their streams. */
  events: RecordedEvent[]
  /** Of the claims in those events. */
  claims: RecordedClaim[]
  /** By floor. */
  seqs: Map<string, number>
  epoch: number
  quarantined: number
}

const EVENTS = `
select e.floor, e.epoch, e.seq, e.idx, e.n, e.type, body -> 'claim' || jsonb_build_object('person', s.person) as claim, body -> 'was' as was
from perch.events e left join perch.subjects s on s.subject = e.subject
where e.org = $1 and e.seq > coalesce(($2::jsonb ->> e.floor)::bigint, 0) order by e.epoch, e.n, e.floor, e.seq, e.idx`
const CLAIMS = `
select id, space, person, (extract(epoch from from_at) * 1000)::bigint as from, (extract(epoch from to_at) * 1000)::bigint as to, state, why
from perch.claims where org = $1 and id = any ($2)`

/** Reads it at one moment. `since`: positions by floor; events after them are read. */
export async function dumpLedger (url: string, org: string, shard: number, since: ReadonlyMap<string, number>): Promise<LedgerDump> {
  const client = new Client({ connectionString: url, types: { getTypeParser: ((oid: number, format?: 'text') => oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser } })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const events = (await client.query<RecordedEvent>(EVENTS, [org, JSON.stringify(Object.fromEntries(since))])).rows
    const ids = [...new Set(events.flatMap(({ claim }) => claim === null ? [] : [claim.id]))]
    const claims = (await client.query<RecordedClaim>(CLAIMS, [org, ids])).rows
    const floors = (await client.query<{ floor: string, seq: number }>('select floor, seq from perch.floor_seqs where org = $1', [org])).rows
    const [row] = (await client.query<{ epoch: number }>('select epoch from perch.shards where shard = $1', [shard])).rows
    const [quarantine] = (await client.query<{ count: number }>('select count(*) as count from perch.quarantine where org = $1', [org])).rows
    return { events, claims, seqs: new Map(floors.map(({ floor, seq }) => [floor, seq])), epoch: row?.epoch ?? 0, quarantined: quarantine?.count ?? 0 }
  } finally {
    await client.end()
  }
}
