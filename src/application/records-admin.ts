import { PerchError } from '../domain/errors.ts'
import type { PersonId } from '../domain/ids.ts'
import type { Claim } from '../domain/claim.ts'
import { DAY, type Millis } from '../domain/time.ts'
import { noteOf, type AuditEntry, type AuditQuery } from './audit.ts'
import type { KnownPerson } from './directory-admin.ts'
import { erasePerson, type Erased, type EraseParts } from './erase-person.ts'
import type { Forgetting } from './forgetting.ts'
import type { Ledger } from './ports.ts'
import type { Principal } from './principal.ts'
import { themselves } from './put-people.ts'
import { mustBeAllowed } from './rights.ts'

const DEFAULT_SPAN_MS = 31 * DAY
const LONGEST_SPAN_MS = 400 * DAY
const DEFAULT_LIMIT = 100
/** What one person's export holds at most, of claims and of what was done; more is said to be there. */
const MOST_EXPORTED = 10_000
const PER_PAGE = 500

/** As it is asked for: what is left out has its default. `from` and `to`: the last 31 days. */
export interface AuditAsked extends Omit<AuditQuery, 'about' | 'from' | 'to' | 'limit' | 'before'> {
  from?: Millis | undefined
  to?: Millis | undefined
  limit?: number | undefined
  /** `next` of the page before. */
  after?: string | undefined
}

export interface AuditPage {
  entries: readonly AuditEntry[]
  /** For the next page; null: that was the last. */
  next: string | null
}

/** All that is known of a person. */
export interface Exported {
  exportedAt: Millis
  person: KnownPerson | null
  claims: readonly Claim[]
  /** What they did, and what was done to or about them. */
  audit: readonly AuditEntry[]
  /** There is more than is in it. */
  more: boolean
}

export type Retained = Awaited<ReturnType<Forgetting['forget']>>

/** The use cases around what is kept of people. Every call checks rights first. */
export interface RecordsAdmin {
  /** Newest first. Asked for one person, that is written down as a look-up. @throws BAD_REQUEST */
  audit (principal: Principal, asked: AuditAsked): Promise<AuditPage>
  /** Who looked up the one who asks. @throws FORBIDDEN for who is nobody */
  lookUps (principal: Principal, asked: Pick<AuditAsked, 'from' | 'to' | 'limit' | 'after'>): Promise<AuditPage>
  /** @throws LEDGER_BEHIND, RECOVERING, BUSY: to be done again */
  erase (principal: Principal, person: PersonId): Promise<Erased>
  /** @throws PERSON_UNKNOWN when nothing at all is known of them */
  exportPerson (principal: Principal, person: PersonId): Promise<Exported>
  /** Make history anonymous now, and not when the day's turn comes. */
  retain (principal: Principal): Promise<Retained>
}

export interface RecordsAdminParts extends EraseParts {
  ledger: Pick<Ledger, 'claims'>
  forgetting: Pick<Forgetting, 'forget'>
}

export function recordsAdmin (parts: RecordsAdminParts): RecordsAdmin {
  return {
    audit: async (principal, asked) => {
      mustBeAllowed(principal, 'read-audit')
      if (asked.person !== undefined) await parts.lookUps.looked(principal, [asked.person], 'audit')
      return await pageOf(parts, principal, asked)
    },
    lookUps: async (principal, asked) => await pageOf(parts, principal, { ...asked, about: themselves(principal, 'read-own-claims'), action: 'looked-up' }),
    erase: async (principal, person) => await erasePerson(parts, principal, person),
    exportPerson: async (principal, person) => await exportPerson(parts, principal, person),
    retain: async principal => {
      mustBeAllowed(principal, 'write-org')
      const org = await parts.directory.org(principal.org)
      if (org === null) throw new PerchError('ORG_UNKNOWN', { org: principal.org })
      const done = await parts.forgetting.forget(org)
      await parts.archive.note(org.id, [noteOf(parts, principal, 'history-forgotten', { detail: { ...done } })])
      return done
    }
  }
}

async function pageOf ({ archive, clock }: RecordsAdminParts, { org }: Principal, asked: AuditAsked & Pick<AuditQuery, 'about'>): Promise<AuditPage> {
  const to = asked.to ?? clock.now() + DAY
  const from = asked.from ?? to - DEFAULT_SPAN_MS
  if (to <= from || to - from > LONGEST_SPAN_MS) throw new PerchError('BAD_REQUEST', { field: 'to', reason: '`to` must be later than `from`, at most 400 days' })
  const { after, limit = DEFAULT_LIMIT, ...filters } = asked
  const entries = await archive.audit(org, { ...filters, from, to, limit, before: after === undefined ? null : positionOf(after) })
  const last = entries.at(-1)
  return { entries, next: entries.length < limit || last === undefined ? null : `${last.at}.${last.key}` }
}

/** @throws BAD_REQUEST */
function positionOf (text: string): { at: Millis, key: string } {
  const [, at, key] = /^(\d{1,15})\.([\x21-\x7e]{1,200})$/.exec(text) ?? []
  if (at === undefined || key === undefined) throw new PerchError('BAD_REQUEST', { field: 'after', reason: '`after` is not what a page gave as `next`' })
  return { at: Number(at), key }
}

async function exportPerson (parts: RecordsAdminParts, principal: Principal, id: PersonId): Promise<Exported> {
  mustBeAllowed(principal, 'write-people')
  const { org } = principal
  const { directory, ledger, archive, clock } = parts
  await parts.drained(org)
  const now = clock.now()
  const found = await directory.person(org, id)
  // Before what is written down of the export itself.
  const audit: AuditEntry[] = []
  for (let before: AuditQuery['before'] = null; audit.length < MOST_EXPORTED;) {
    const page = await archive.audit(org, { person: id, from: 0, to: now + DAY, before, limit: PER_PAGE })
    audit.push(...page)
    before = page.at(-1) ?? null
    if (page.length < PER_PAGE) break
  }
  const claims = await ledger.claims(org, { person: id, from: 0, to: now + LONGEST_SPAN_MS, limit: MOST_EXPORTED })
  if (found === null && claims.length === 0 && audit.length === 0) throw new PerchError('PERSON_UNKNOWN', { person: id })
  await archive.note(org, [noteOf(parts, principal, 'person-exported', { person: id })])
  const person = found === null ? null : { id, name: found.name, visibility: found.visibility, groups: found.groups, badges: found.badges.length }
  return { exportedAt: now, person, claims, audit, more: claims.length >= MOST_EXPORTED || audit.length >= MOST_EXPORTED }
}
