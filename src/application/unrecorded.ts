import { isActive } from '../domain/claim.ts'
import type { ClaimRecord } from '../domain/space.ts'
import { decodeStored } from './codec.ts'
import type { LostClaim } from './losses.ts'
import type { Cursor, Freeze, Ledger, Store } from './ports.ts'
import { parseEntry } from './recorder.ts'

/** Entries, or claims, that are looked at for the report: recovery does not wait longer for it. */
const MOST = 10_000
const PAGE = 1_000

/**
 * Claims that a store is about to lose: it is made anew, and the ledger has not got them. Of a history that the ledger has not followed the outbox tells; where the outbox itself
 * was trimmed, the store. They were answered `persisted: false`.
 */
export async function unrecorded ({ store, ledger }: { store: Store, ledger: Ledger }, freeze: Freeze, was: number | null, cursor: Cursor, trimmed: boolean): Promise<LostClaim[]> {
  if (was === null) return []
  const lost: LostClaim[] = []
  const found = trimmed ? inRecords(store, freeze) : inOutbox(store, freeze, was, was === cursor.stream ? cursor.n : 0)
  for await (const claims of found) {
    for (const org of new Set(claims.map(claim => claim.org))) {
      const own = claims.filter(claim => claim.org === org)
      const known = new Set((await ledger.known(org, own.map(({ claim }) => claim))).map(({ claim }) => claim.id))
      lost.push(...own.filter(({ claim }) => !known.has(claim)))
    }
  }
  return lost
}

async function * inOutbox (store: Store, freeze: Freeze, stream: number, after: number): AsyncIterable<LostClaim[]> {
  for (let from = after, seen = 0; seen < MOST; seen += PAGE) {
    const entries = (await store.drain(freeze, stream, from, PAGE)).map(parseEntry)
    yield entries.flatMap(({ entry: { org, events } }) => events.flatMap(event => event.type === 'granted' ? [{ org, person: event.claim.person, claim: event.claim.id }] : []))
    const last = entries.at(-1)
    if (last === undefined) return
    from = last.n
  }
}

async function * inRecords (store: Store, freeze: Freeze): AsyncIterable<LostClaim[]> {
  let after: string | null = null
  for (let seen = 0; seen < MOST; seen += PAGE) {
    const page: Awaited<ReturnType<Store['scan']>> = await store.scan(freeze, 'claim', after, PAGE)
    yield page.records.flatMap(({ org, key, stored }) => {
      const { claim } = decodeStored(key, stored).value as ClaimRecord
      return isActive(claim) ? [{ org, person: claim.person, claim: claim.id }] : []
    })
    after = page.next
    if (after === null) return
  }
}
