import assert from 'node:assert/strict'
import { isActive, type Claim } from '../../src/domain/claim.ts'
import { claimIdTime } from '../../src/domain/ids.ts'
import { dayKey, nameOf, personKey, typeOf, type RecordType } from '../../src/domain/keys.ts'
import type { PersonRecord } from '../../src/domain/person.ts'
import type { ClaimRecord, DayRecord, Holding, SpaceRecord } from '../../src/domain/space.ts'
import { DAY, overlaps, utcDays, type Millis } from '../../src/domain/time.ts'
import type { Site, World } from './world.ts'

/** Everything that must be true of a world between two commands. `limit` is the loosest policy that its claims were made under (INV-2). */
export function checkWorld (world: World, limit: (claim: Claim) => number): void {
  const claims = active(world)
  neverOverlap(claims)
  withinLimits(claims, limit)
  standInTheirPlaces(world, claims)
  for (const [id, space] of all<SpaceRecord>(world, 'space')) {
    deadlineIsKept(world, id, space)
    viewIsFresh(world, id, space)
  }
  outcomesAreKept(world)
  ledgerAgrees(world, claims)
}

export function active (world: World): Claim[] {
  return all<ClaimRecord>(world, 'claim').map(([, { claim }]) => claim).filter(isActive)
}

/** INV-1, and what the ledger's constraint says of it. */
function neverOverlap (claims: readonly Claim[]): void {
  for (const own of groups(claims, ({ space }) => space)) {
    const sorted = [...own].sort((a, b) => a.from - b.from)
    for (const [i, claim] of sorted.entries()) {
      const next = sorted[i + 1]
      assert.ok(next === undefined || !overlaps(claim, next), `INV-1: ${JSON.stringify([claim, next])}`)
    }
  }
}

/** INV-2; `sole` claims, which the ledger holds to it by a constraint, one at a time. */
function withinLimits (claims: readonly Claim[], limit: (claim: Claim) => number): void {
  for (const own of groups(claims, ({ person, kind }) => `${person} ${kind}`)) {
    for (const claim of own) {
      const at = own.filter(({ from, to }) => from <= claim.from && claim.from < to)
      assert.ok(at.length <= limit(claim), `INV-2: ${JSON.stringify(at)}`)
      assert.ok(at.filter(({ sole }) => sole).length <= 1, `INV-2 in the ledger: ${JSON.stringify(at)}`)
    }
  }
}

/** An active claim stands in its own record, in each of its days and in each of its person's days, and nothing else stands there. */
function standInTheirPlaces (world: World, claims: readonly Claim[]): void {
  const days = new Map<string, Claim[]>()
  const people = new Map<string, Claim[]>()
  for (const claim of claims) {
    assert.ok(claim.from < claim.to && claim.from % 1_000 === 0 && claim.to % 1_000 === 0, 'a claim lasts whole seconds')
    const space = world.space(claim.space)
    assert.ok(space !== null && !space.removed, 'a claim stands on a space')
    for (const { key } of calendarOf(world, space).days(claim)) add(days, dayKey(claim.space, key), claim)
    for (const day of utcDays(claim)) add(people, personKey(claim.person, day), claim)
  }
  for (const [name, { holdings }] of all<DayRecord>(world, 'day')) {
    const expected = days.get(`day/${name}`) ?? []
    assert.deepEqual(holdings.map(({ claim }) => claim), expected.sort((a, b) => a.from - b.from), `day/${name} holds its claims by their beginning`)
    for (const { claim, dates } of holdings) assert.deepEqual(dates, datesOf(world, claim), 'a holding knows its days')
    days.delete(`day/${name}`)
  }
  assert.deepEqual([...days.keys()], [], 'every claim is in its days')
  for (const [name, { slots }] of all<PersonRecord>(world, 'person')) {
    const expected = (people.get(`person/${name}`) ?? []).map(({ id, space, kind, from, to }) => ({ id, space, kind, from, to }))
    assert.deepEqual(byId(slots), byId(expected), `person/${name} holds its claims`)
    people.delete(`person/${name}`)
  }
  assert.deepEqual([...people.keys()], [], 'every claim is in its person\'s days')
  for (const [id, { days: listed }] of all<SpaceRecord>(world, 'space')) {
    const stored = all<DayRecord>(world, 'day').filter(([name]) => name.startsWith(`${id}/`)).map(([name]) => name.slice(id.length + 1))
    assert.deepEqual(listed, stored.sort(), `space/${id} lists its days`)
  }
}

/** What time alone will change is never later than the deadline, or nobody would do it. */
function deadlineIsKept (world: World, id: string, space: SpaceRecord): void {
  assert.equal(world.due.get(`space/${id}`) ?? null, space.due, 'the deadline in the record is the one in the list')
  const pending = moments(world, id, space)
  if (space.due === null) assert.deepEqual(pending, [], 'what time changes has a deadline')
  else assert.ok(pending.length > 0 && space.due <= Math.min(...pending), `space/${id} is due at ${space.due}, but something happens before: ${pending.join()}`)
}

function moments (world: World, id: string, space: SpaceRecord): Millis[] {
  const { policy } = siteOf(world, space)
  const { block, reading } = space
  const found: Array<Millis | null> = [block?.until ?? null, reading?.staleAt ?? null]
  for (const { claim } of holdings(world, id, space)) {
    found.push(claim.to)
    if (!begun(space, claim)) found.push(claim.from)
    else if (claim.life.state === 'booked' && claim.life.releaseAt !== null && block === null) found.push(Math.max(claim.life.releaseAt, world.noShowsNotBefore, world.now + 1))
    else if (claim.life.state === 'present' && policy.readingEndsAfterMs !== null && reading !== null && reading.value === 'vacant' && reading.staleAt !== null) {
      const at = Math.max(reading.since, claim.life.since, claim.from) + policy.readingEndsAfterMs
      if (at < reading.staleAt) found.push(Math.max(at, world.now + 1))
    }
  }
  return found.filter(at => at !== null)
}

function begun (space: SpaceRecord, claim: Claim): boolean {
  return space.current?.claim.id === claim.id
}

/** Where nothing is due, a view made from the record is the one that would be made anew. */
function viewIsFresh (world: World, id: string, space: SpaceRecord): void {
  const { now } = world
  if (space.due !== null && space.due <= now) return
  const { policy, calendar } = siteOf(world, space)
  const held = holdings(world, id, space)
  const today = calendar.dayOf(now)
  const current = held.find(({ claim }) => claim.from <= now && now < claim.to) ?? null
  const next = held.find(({ claim }) => claim.from > now && claim.from < today.to) ?? null
  if (space.timeZone !== calendar.timeZone) return
  assert.deepEqual([space.current, space.next], [current, next], `space/${id} shows what is`)
  assert.equal(space.brief, current === null && next !== null && next.claim.from - now < policy.minStayMs, `space/${id} knows how briefly it is free`)
  assert.ok(held.every(({ claim }) => claim.to > now), `space/${id} holds nothing that is over`)
  assert.ok(space.block === null || space.block.until === null || space.block.until > now, `space/${id} is not blocked for longer than asked`)
}

/** INV-4: an ended claim is known for as long as its id may be asked for, and not for ever. */
function outcomesAreKept (world: World): void {
  for (const [id, { claim }] of all<ClaimRecord>(world, 'claim')) {
    const at = world.due.get(`claim/${id}`)
    if (claim.life.state !== 'ended') assert.equal(at, undefined, 'an active claim is not forgotten')
    else assert.equal(at, Math.max(claim.life.at, claimIdTime(id) + 8 * DAY), 'an ended claim is forgotten after its id has become too old')
  }
}

/** Whoever hears only the events knows the same. */
function ledgerAgrees (world: World, claims: readonly Claim[]): void {
  const { replay } = world
  assert.deepEqual(byId([...replay.claims.values()].filter(isActive)), byId(claims), 'the events tell of every claim')
  for (const [id, { claim }] of all<ClaimRecord>(world, 'claim')) assert.deepEqual(replay.claims.get(id), claim, 'the events tell every outcome')
  for (const [id, { block, reading }] of all<SpaceRecord>(world, 'space')) {
    assert.deepEqual(replay.blocks.get(id) ?? null, block, 'the events tell of every block')
    const heard = replay.readings.get(id) ?? null
    if (reading === null || heard === null) assert.equal(heard, reading)
    else assert.deepEqual({ ...heard, staleAt: reading.staleAt }, reading, 'the events tell of every reading')
  }
}

function siteOf (world: World, space: SpaceRecord): Site {
  const site = world.sites.get(space.site)
  assert.ok(site !== undefined)
  return site
}

/** By the zone that the space's days are named by: its site's zone may have changed since. */
function calendarOf (world: World, space: SpaceRecord): Site['calendar'] {
  const { calendar } = siteOf(world, space)
  return calendar.timeZone === space.timeZone ? calendar : world.calendarIn(space.timeZone)
}

function datesOf (world: World, claim: Claim): string[] {
  const space = world.space(claim.space)
  assert.ok(space !== null)
  return calendarOf(world, space).days(claim).map(({ key }) => key)
}

function holdings (world: World, id: string, space: SpaceRecord): Holding[] {
  const held = space.days.flatMap(date => (world.records.get(dayKey(id, date))?.value as DayRecord | undefined)?.holdings ?? [])
  return [...new Map(held.map(holding => [holding.claim.id, holding])).values()].sort((a, b) => a.claim.from - b.claim.from)
}

function all<T> (world: World, type: RecordType): Array<[string, T]> {
  return [...world.records].filter(([key]) => typeOf(key) === type).map(([key, { value }]) => [nameOf(key), value as T])
}

function groups<T> (values: readonly T[], by: (value: T) => string): T[][] {
  const found = new Map<string, T[]>()
  for (const value of values) add(found, by(value), value)
  return [...found.values()]
}

function add<T> (map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key)
  if (values === undefined) map.set(key, [value])
  else values.push(value)
}

function byId<T extends { id: string }> (values: readonly T[]): T[] {
  return [...values].sort((a, b) => a.id < b.id ? -1 : 1)
}
