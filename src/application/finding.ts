import type { Claim } from '../domain/claim.ts'
import { PerchError } from '../domain/errors.ts'
import { shardOf, type ClaimId, type OrgId, type PersonId, type SpaceId } from '../domain/ids.ts'
import { claimKey, dayKey, floorKey, personKey, spaceKey, type Key } from '../domain/keys.ts'
import type { PersonRecord } from '../domain/person.ts'
import type { ClaimRecord, DayRecord, FloorRecord, SpaceRecord } from '../domain/space.ts'
import type { AnyRecord } from '../domain/draft.ts'
import { DAY, overlaps, utcDays, type Span } from '../domain/time.ts'
import { decodeRecord } from './codec.ts'
import type { ClaimsQuery } from './commands.ts'
import type { Losses } from './losses.ts'
import type { Lookup } from './places.ts'
import type { Ledger, Store } from './ports.ts'
import type { Principal } from './principal.ts'
import { may, mustBeAllowed } from './rights.ts'
import type { ShardClocks } from './shard-clocks.ts'

const DEFAULT_SPAN_MS = 14 * DAY
const LONGEST_SPAN_MS = 400 * DAY
const DEFAULT_LIMIT = 200
const MOST = 1_000
/** Keys per read of the store, so that no question holds up everybody's commits. */
const KEYS_PER_READ = 400

interface Parts {
  store: Store
  ledger: Ledger
  clocks: ShardClocks
  lookup: Lookup
  losses: Pick<Losses, 'isLost'>
}

/** @throws CLAIM_UNKNOWN, also for a claim that the principal may not see: ids of others tell nothing */
export async function findClaim (parts: Parts, principal: Principal, id: ClaimId): Promise<Claim> {
  const { org } = principal
  const record = (await readAll(parts.store, org, [claimKey(id)])).get(claimKey(id)) as ClaimRecord | undefined
  const claim = record?.claim ?? (await parts.ledger.claim(org, id))?.claim
  if (claim === undefined || !await maySee(parts, principal, claim)) throw unknownClaim(parts, org, id)
  return claim
}

/** `lost`: it was granted, and a fault took it away. */
export function unknownClaim ({ losses }: Pick<Parts, 'losses'>, org: OrgId, claim: ClaimId): PerchError {
  return new PerchError('CLAIM_UNKNOWN', losses.isLost(org, claim) ? { claim, lost: true } : { claim })
}

async function maySee ({ lookup }: Parts, principal: Principal, claim: Claim): Promise<boolean> {
  if (claim.person === principal.person) return may(principal, 'read-own-claims')
  const floor = await lookup.floor(principal.org, claim.floor)
  return may(principal, 'read-claims', floor === null ? {} : { site: floor.site })
}

/** What is now and later from the store, what is past from the ledger, by `from`. @throws FORBIDDEN, BAD_REQUEST, FLOOR_UNKNOWN, SPACE_UNKNOWN */
export async function claimsOf (parts: Parts, principal: Principal, query: ClaimsQuery): Promise<Claim[]> {
  const { org } = principal
  const now = parts.clocks.now(shardOf(org))
  const asked = { ...query, person: query.person ?? (query.space === undefined && query.floor === undefined ? principal.person ?? undefined : undefined) }
  if (asked.person === undefined && asked.space === undefined && asked.floor === undefined) {
    throw new PerchError('BAD_REQUEST', { field: 'person', reason: 'one of `person`, `space` and `floor` is needed' })
  }
  await mustSee(parts, principal, asked)
  const from = query.from ?? now
  const span = { from, to: query.to ?? from + DEFAULT_SPAN_MS }
  if (span.to <= span.from || span.to - span.from > LONGEST_SPAN_MS) {
    throw new PerchError('BAD_REQUEST', { field: 'to', reason: '`to` must be later than `from`, at most 400 days' })
  }
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT, MOST)
  const claims = new Map<ClaimId, Claim>()
  if (span.from < now) {
    for (const claim of await parts.ledger.claims(org, { ...asked, ...span, limit })) claims.set(claim.id, claim)
  }
  if (span.to > now) {
    for (const claim of await liveClaims(parts, org, asked, span)) claims.set(claim.id, claim)
  }
  return [...claims.values()]
    .filter(claim => overlaps(claim, span) && matches(claim, asked))
    .sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}

function matches (claim: Claim, { person, space, floor }: ClaimsQuery): boolean {
  return (person === undefined || claim.person === person) && (space === undefined || claim.space === space) && (floor === undefined || claim.floor === floor)
}

async function mustSee ({ store, lookup }: Parts, principal: Principal, query: ClaimsQuery): Promise<void> {
  const { org } = principal
  if (query.person !== undefined && query.person === principal.person) return mustBeAllowed(principal, 'read-own-claims')
  let floor = query.floor
  if (query.space !== undefined) {
    const record = (await readAll(store, org, [spaceKey(query.space)])).get(spaceKey(query.space)) as SpaceRecord | undefined
    if (record === undefined) throw new PerchError('SPACE_UNKNOWN', { space: query.space })
    floor = record.floor
  }
  if (floor === undefined) return mustBeAllowed(principal, 'read-claims')
  const known = await lookup.floor(org, floor)
  if (known === null) throw new PerchError('FLOOR_UNKNOWN', { floor })
  mustBeAllowed(principal, 'read-claims', { site: known.site })
}

async function liveClaims ({ store }: Parts, org: OrgId, query: ClaimsQuery, span: Span): Promise<Claim[]> {
  if (query.person !== undefined) return await claimsOfPerson(store, org, query.person, span)
  if (query.space !== undefined) return await claimsOfSpaces(store, org, [query.space])
  const floor = (await readAll(store, org, [floorKey(query.floor ?? '')])).get(floorKey(query.floor ?? '')) as FloorRecord | undefined
  return await claimsOfSpaces(store, org, floor?.spaces ?? [])
}

/** Of the live state, in no order; also some that do not touch the span. */
export async function claimsOfPerson (store: Store, org: OrgId, person: PersonId, span: Span): Promise<Claim[]> {
  const days = await readAll(store, org, utcDays(span).map(day => personKey(person, day)))
  const ids = new Set([...days.values()].flatMap(record => (record as PersonRecord).slots.map(slot => slot.id)))
  const records = await readAll(store, org, Array.from(ids, claimKey))
  return Array.from(records.values(), record => (record as ClaimRecord).claim)
}

async function claimsOfSpaces (store: Store, org: OrgId, spaces: readonly SpaceId[]): Promise<Claim[]> {
  const records = await readAll(store, org, spaces.map(spaceKey))
  const keys = spaces.flatMap(id => ((records.get(spaceKey(id)) as SpaceRecord | undefined)?.days ?? []).map(date => dayKey(id, date)))
  const days = await readAll(store, org, keys)
  return [...days.values()].flatMap(record => (record as DayRecord).holdings.map(({ claim }) => claim))
}

/** Those that there are. */
async function readAll (store: Store, org: OrgId, keys: readonly Key[]): Promise<Map<Key, AnyRecord>> {
  const found = new Map<Key, AnyRecord>()
  for (let i = 0; i < keys.length; i += KEYS_PER_READ) {
    const { records } = await store.read(org, keys.slice(i, i + KEYS_PER_READ))
    for (const [key, { body }] of records) if (body !== null) found.set(key, decodeRecord(key, body))
  }
  return found
}
