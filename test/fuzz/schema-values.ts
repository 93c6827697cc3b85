import fc from 'fast-check'
import { dangerousName, hostileNumber, hostileText, hostileValue, knownClaim, knownText, moment, soon, withMember } from './hostile-values.ts'

/** As much of JSON Schema as the documents and frames use. */
export interface Schema {
  type?: string
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  patternProperties?: Readonly<Record<string, Schema>>
  items?: Schema
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
}

/** Nearly what the schema asks for: each part may be left out, one too many, of another type or absurd. */
export function nearly (schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: meant(schema) }, { weight: 1, arbitrary: hostileValue })
}

function meant (schema: Schema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(nearly))
  if (schema.properties !== undefined) return objectOf(schema.properties, new Set(schema.required))
  if (schema.patternProperties !== undefined) {
    const [of = {}] = Object.values(schema.patternProperties)
    return fc.array(fc.tuple(fc.oneof(knownText, dangerousName), nearly(of)), { maxLength: 3 }).map(members => members.reduce<object>((object, [name, value]) => withMember(object, name, value), {}))
  }
  switch (schema.type) {
    case 'array': return fc.array(nearly(schema.items ?? {}), { maxLength: 4 })
    case 'string': return fc.oneof({ weight: 12, arbitrary: expected(schema) }, { weight: 1, arbitrary: schema.format === 'date-time' ? moment : hostileText })
    case 'integer': return fc.oneof(fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 10_000, 2 ** 31) }), hostileNumber)
    case 'number': return fc.oneof(fc.integer({ min: -100, max: 100 }), hostileNumber)
    case 'boolean': return fc.boolean()
    case 'null': return fc.constant(null)
    default: return hostileValue
  }
}

function expected ({ format, pattern = '' }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return soon
  return pattern.startsWith('^[0-9a-f]{8}-') ? knownClaim : knownText
}

function objectOf (properties: Readonly<Record<string, Schema>>, required: ReadonlySet<string>): fc.Arbitrary<object> {
  const members = Object.entries(properties).map(([name, schema]) => fc.tuple(fc.constant(name), fc.integer({ min: 0, max: 19 }), nearly(schema)))
  const more = fc.oneof({ weight: 24, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.tuple(dangerousName, hostileValue) })
  return fc.tuple(fc.tuple(...members), more).map(([made, extra]) => {
    const kept = made.filter(([name, chance]) => chance < (required.has(name) ? 19 : 6))
    const object = kept.reduce<object>((whole, [name,, value]) => withMember(whole, name, value), {})
    return extra === null ? object : withMember(object, ...extra)
  })
}
