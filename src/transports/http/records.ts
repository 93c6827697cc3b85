import Type from 'typebox'
import { AUDITED, AUDITED_EVENTS, type AuditEntry } from '../../application/audit.ts'
import { momentOf } from '../../application/moments.ts'
import type { AuditAsked, AuditPage, RecordsAdmin } from '../../application/records-admin.ts'
import { AuditReply, EraseReply, ExportReply, RetainReply, type AuditEntryView } from '../../protocol/answers.ts'
import { claimView } from '../../protocol/claim.ts'
import { ClaimIdText, Id } from '../../protocol/ids.ts'
import { Moment, toMoment } from '../../protocol/time.ts'
import { principalOf, refusals, type Http } from './instance.ts'
import { personView } from './people.ts'

const OnePerson = Type.Object({ person: Id })
const paging = {
  from: Type.Optional(Moment),
  to: Type.Optional(Moment),
  after: Type.Optional(Type.String({ maxLength: 220 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Default 100' }))
}
const Paging = Type.Object(paging, { additionalProperties: false })
const Query = Type.Object({
  ...paging,
  person: Type.Optional(Id),
  action: Type.Optional(Type.Enum([...AUDITED, ...AUDITED_EVENTS])),
  claim: Type.Optional(ClaimIdText),
  space: Type.Optional(Id),
  floor: Type.Optional(Id)
}, { additionalProperties: false })

const tags = ['records']

/** What is kept of people, and who did what. */
export function records (v1: Http, admin: RecordsAdmin): void {
  v1.get('/audit', {
    schema: {
      tags,
      summary: 'Who did what, newest first, in pages',
      description: 'By default the last 31 days. Claims, blocks and plans as the ledger has them; changes of policies, people and the rest; and who looked up whom. Asking for one person is a look-up as well.',
      querystring: Query,
      response: { 200: AuditReply, ...refusals }
    }
  }, async request => pageView(await admin.audit(principalOf(request), askedOf(request.query))))

  v1.get('/me/look-ups', {
    schema: {
      tags,
      summary: 'Who looked up the one who asks, newest first, in pages',
      description: 'Whoever manages people and has looked at a person or their claims; the same by the same is told once an hour.',
      querystring: Paging,
      response: { 200: AuditReply, ...refusals }
    }
  }, async request => pageView(await admin.lookUps(principalOf(request), askedOf(request.query))))

  v1.post('/people/:person/erase', {
    schema: {
      tags,
      summary: 'Erase a person',
      description: 'Ends their claims and takes them out of the directory, the live state, its files and all history, whose figures stay. Broken off, it is done again.',
      params: OnePerson,
      response: { 200: EraseReply, ...refusals }
    }
  }, async request => {
    const { floors, ...erased } = await admin.erase(principalOf(request), request.params.person)
    return { ...erased, floors: [...floors] }
  })

  v1.get('/people/:person/export', {
    schema: { tags, summary: 'All that is known of a person', params: OnePerson, response: { 200: ExportReply, ...refusals } }
  }, async request => {
    const { exportedAt, person, claims, audit, more } = await admin.exportPerson(principalOf(request), request.params.person)
    return { exportedAt: toMoment(exportedAt), person: person === null ? null : personView(person), claims: claims.map(claimView), audit: audit.map(entryView), more }
  })

  v1.post('/retention', {
    schema: { tags, summary: 'Make history anonymous that is older than the policy says, now', response: { 200: RetainReply, ...refusals } }
  }, async request => {
    const { until, ...rows } = await admin.retain(principalOf(request))
    return { ...rows, until: toMoment(until) }
  })
}

function askedOf ({ from, to, ...asked }: Omit<AuditAsked, 'from' | 'to'> & { from?: string, to?: string }): AuditAsked {
  return { ...asked, from: momentOf('from', from) ?? undefined, to: momentOf('to', to) ?? undefined }
}

function pageView ({ entries, next }: AuditPage): AuditReply {
  return { entries: entries.map(entryView), next }
}

function entryView ({ key, at, ...entry }: AuditEntry): AuditEntryView {
  return { at: toMoment(at), ...entry }
}
