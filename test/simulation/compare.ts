import { decodeRecord } from '../../src/application/codec.ts'
import { isActive, type Claim } from '../../src/domain/claim.ts'
import type { AnyRecord } from '../../src/domain/draft.ts'
import { nameOf, typeOf, type Key, type RecordType } from '../../src/domain/keys.ts'
import type { PersonRecord } from '../../src/domain/person.ts'
import type { ClaimRecord, DayRecord, Reading, SpaceRecord } from '../../src/domain/space.ts'
import { utcDays } from '../../src/domain/time.ts'
import type { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import type { Server } from './server.ts'
import { ORG, SHARD } from './setting.ts'
import type { Verdict } from './verdict.ts'

interface Compared {
  server: Server
  ledger: LedgerInMemory
  verdict: Verdict
}

/** Store and ledger at a moment at which nothing waits in the outbox: they say the same, and the store's records say the same of each other. */
export async function compare ({ server, ledger, verdict }: Compared): Promise<void> {
  const records = await recordsOf(server)
  const claims = of<ClaimRecord>(records, 'claim')
  const recorded = new Map(ledger.all(ORG).map(({ claim, hash }) => [claim.id, { claim, hash }]))
  for (const [id, { claim, hash }] of claims) {
    const known = recorded.get(id)
    verdict.hold(same(known, { claim, hash }), 'INV-5', () => `the store has ${JSON.stringify(claim)}, the ledger ${JSON.stringify(known?.claim)}`)
  }
  // All are too young to be forgotten.
  for (const [id, { claim }] of recorded) verdict.hold(claims.has(id), 'INV-5', () => `the ledger has ${JSON.stringify(claim)}, the store nothing`)
  await seqsAgree(server, ledger, verdict)
  const [org] = (await ledger.orgs(SHARD)).filter(({ org }) => org === ORG)
  for (const [id, space] of of<SpaceRecord>(records, 'space')) {
    const known = org?.spaces.find(({ space }) => space === id)
    verdict.hold(same(known?.block ?? null, space.block), 'INV-5', () => `the block of ${id} is ${JSON.stringify(space.block)}, in the ledger ${JSON.stringify(known?.block)}`)
    verdict.hold(sameReading(known?.reading ?? null, space.reading), 'INV-5', () => `the reading of ${id} is ${JSON.stringify(space.reading)}, in the ledger ${JSON.stringify(known?.reading)}`)
    for (const holding of [space.current, space.next]) {
      verdict.hold(holding?.provisional !== true, 'provisional', () => `${id} shows ${holding?.claim.id} as provisional, and it is in the ledger`)
    }
  }
  standInTheirPlaces(records, [...claims.values()].map(({ claim }) => claim).filter(isActive), verdict)
}

async function seqsAgree (server: Server, ledger: LedgerInMemory, verdict: Verdict): Promise<void> {
  for (const [floor, seq] of ledger.seqs(ORG)) {
    const there = (await server.store.read(ORG, [], [floor])).seqs.get(floor)
    verdict.hold(there === seq, 'INV-5', () => `${floor} is at ${there} in the store, at ${seq} in the ledger`)
  }
}

/** An active claim stands in each of its days and in each of its person's days, and nothing else stands there. */
function standInTheirPlaces (records: ReadonlyMap<Key, AnyRecord>, active: readonly Claim[], verdict: Verdict): void {
  const inDays = [...of<DayRecord>(records, 'day').values()].flatMap(({ holdings }) => holdings.map(({ claim }) => claim))
  const ids = new Set(active.map(({ id }) => id))
  for (const claim of inDays) verdict.hold(ids.has(claim.id), 'INV-1', () => `a day has ${JSON.stringify(claim)}, which is not active`)
  const people = of<PersonRecord>(records, 'person')
  for (const claim of active) {
    verdict.hold(inDays.some(other => same(other, claim)), 'INV-1', () => `no day has ${JSON.stringify(claim)}`)
    for (const day of utcDays(claim)) {
      const slot = people.get(`${claim.person}/${day}`)?.slots.find(({ id }) => id === claim.id)
      verdict.hold(slot !== undefined && slot.from === claim.from && slot.to === claim.to && slot.space === claim.space, 'INV-2', () => `${claim.person} on ${day} has not ${JSON.stringify(claim)}`)
    }
  }
  for (const [name, { slots }] of people) for (const { id } of slots) verdict.hold(ids.has(id), 'INV-2', () => `${name} has ${id}, which is not active`)
}

export async function recordsOf (server: Server): Promise<Map<Key, AnyRecord>> {
  const { records } = await server.store.read(ORG, [...server.keys])
  return new Map(Array.from(records).flatMap(([key, { body }]) => body === null ? [] : [[key, decodeRecord(key, body)] as const]))
}

export function of<T> (records: ReadonlyMap<Key, AnyRecord>, type: RecordType): Map<string, T> {
  return new Map(Array.from(records).filter(([key]) => typeOf(key) === type).map(([key, value]) => [nameOf(key), value as T]))
}

function same (a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** That a reading went stale is no event: the ledger has the moment at which it would. */
function sameReading (a: Reading | null, b: Reading | null): boolean {
  return same(a === null ? null : { ...a, staleAt: 0 }, b === null ? null : { ...b, staleAt: 0 })
}
