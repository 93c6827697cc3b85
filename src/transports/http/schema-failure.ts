import type { ErrorObject } from 'ajv'

/** What a schema did not like, in words. `field` is a path such as `readings[3].value`. */
export interface SchemaFailure {
  field: string
  reason: string
}

/** Characters of a name that came from outside and goes back. */
const LONGEST_FIELD = 120

/** The failure that tells most: of a union's branches the one that got farthest is the one that was meant. */
export function describeFailure (failures: readonly ErrorObject[], where: string): SchemaFailure {
  const deepest = [...failures].sort((a, b) => depth(b) - depth(a))[0]
  if (deepest === undefined) return { field: where, reason: `the ${where} is not as it should be` }
  const field = fieldOf(deepest) || where
  return { field, reason: `\`${field}\` ${reasonOf(deepest)}` }
}

/** A branch that failed only by its kind (`const`, `type`) was not meant when another one got into its members. */
function depth ({ instancePath, keyword }: ErrorObject): number {
  const level = 2 * instancePath.split('/').length
  return keyword === 'anyOf' ? level - 1 : keyword === 'required' || keyword === 'additionalProperties' ? level + 1 : level
}

function fieldOf ({ instancePath, keyword, params }: ErrorObject): string {
  const path = instancePath.split('/').slice(1)
  if (keyword === 'required') path.push(String(params['missingProperty']))
  if (keyword === 'additionalProperties') path.push(String(params['additionalProperty']))
  const names = path.map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  return names.reduce((text, name) => /^\d+$/.test(name) ? `${text}[${name}]` : text === '' ? name : `${text}.${name}`, '').slice(0, LONGEST_FIELD)
}

function reasonOf ({ keyword, params, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case 'required': return 'is needed'
    case 'additionalProperties': return 'is not known here'
    case 'type': return `must be ${withArticle(String(params['type']))}`
    case 'const': return `must be ${JSON.stringify(params['allowedValue'])}`
    case 'enum': return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`
    case 'format': return 'is not an RFC 3339 moment like 2026-03-02T08:00:00Z'
    case 'pattern': return `does not have the form of ${exampleOf(parentSchema) ?? 'what is expected'}`
    case 'minLength': return `is shorter than ${String(params['limit'])} characters`
    case 'maxLength': return `is longer than ${String(params['limit'])} characters`
    case 'minItems': return `has fewer than ${String(params['limit'])} items`
    case 'maxItems': return `has more than ${String(params['limit'])} items`
    case 'minProperties': return 'says nothing'
    case 'minimum': return `is less than ${String(params['limit'])}`
    case 'maximum': return `is more than ${String(params['limit'])}`
    default: return 'has none of the forms that are allowed'
  }
}

function exampleOf (schema: unknown): string | undefined {
  const examples = (schema as { examples?: unknown[] } | undefined)?.examples
  return examples === undefined ? undefined : String(examples[0])
}

function withArticle (type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}
