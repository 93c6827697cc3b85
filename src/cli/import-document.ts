import Type, { type Static } from 'typebox'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { Id } from '../protocol/ids.ts'
import { GroupView, PeopleBody } from '../protocol/people.ts'
import { FloorBody } from '../protocol/plan.ts'
import { OrgBody, SiteBody } from '../protocol/site.ts'
import { describeFailure } from '../transports/http/schema-failure.ts'
import { UsageError } from './usage-error.ts'

const named = Type.Object({ id: Id })

/** An office in one JSON document; each part may be left out. Bodies are those of the HTTP calls, with their ids. */
export const ImportDocument = Type.Object({
  org: Type.Optional(OrgBody),
  sites: Type.Optional(Type.Array(Type.Intersect([SiteBody, named]))),
  groups: Type.Optional(Type.Array(GroupView)),
  people: Type.Optional(Type.Array(PeopleBody.properties.people.items)),
  floors: Type.Optional(Type.Array(Type.Intersect([FloorBody, named])))
}, { additionalProperties: false })
export type ImportDocument = Static<typeof ImportDocument>

/** @throws UsageError that says where the document is not as it should be: nothing is sent before all of it was looked at */
export function parseImport (text: string): ImportDocument {
  const check = addFormats.default(new Ajv({ allErrors: false, verbose: true, strict: true, strictTypes: false }), ['date-time']).compile<ImportDocument>(ImportDocument)
  const document = parsed(text)
  if (check(document)) return document
  throw new UsageError(`the document cannot be used: ${describeFailure(check.errors ?? [], 'document').reason}`)
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`the document is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}
