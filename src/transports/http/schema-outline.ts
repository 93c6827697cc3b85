/** The part of JSON Schema that Perch's own schemas use. */
export interface SchemaPart {
  type?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: SchemaPart[]
  items?: SchemaPart
  properties?: Record<string, SchemaPart>
  patternProperties?: Record<string, SchemaPart>
  required?: string[]
  format?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
}

/** Members of members are shown so deep; below that a type's name has to do. */
const DEEPEST = 4

export function escapeHtml (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** A sentence of a description, in which `code` is marked as in Markdown. */
export function prose (text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

/** A schema as an indented list of members, for people to read. */
export function outline (schema: SchemaPart, level = 0): string {
  const inner = objectIn(schema)
  if (inner?.properties === undefined) return level === 0 ? `<p class="type">${escapeHtml(typeName(schema))}</p>` : ''
  const items = Object.entries(inner.properties).map(([name, part]) => {
    const optional = inner.required?.includes(name) === true ? '' : ' <span class="optional">optional</span>'
    const text = part.description === undefined ? '' : `<span class="says">${prose(part.description)}</span>`
    const below = level + 1 < DEEPEST ? outline(part, level + 1) : ''
    return `<li><code>${escapeHtml(name)}</code> <span class="type">${escapeHtml(typeName(part))}</span>${optional}${text}${below}</li>`
  })
  return `<ul class="members">${items.join('')}</ul>`
}

/** The object whose members are worth listing: the schema itself, an array's items, a record's values, or the one object of a union. */
function objectIn (schema: SchemaPart): SchemaPart | undefined {
  if (schema.properties !== undefined) return schema
  if (schema.items !== undefined) return objectIn(schema.items)
  if (schema.patternProperties !== undefined) return Object.values(schema.patternProperties).map(objectIn)[0]
  const branches = (schema.anyOf ?? []).map(objectIn).filter(branch => branch !== undefined)
  return branches.length === 1 ? branches[0] : undefined
}

export function typeName (schema: SchemaPart): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(' | ')
  if (schema.type === 'array') return `${typeName(schema.items ?? {})}[]${schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`}`
  if (schema.format === 'date-time') return 'moment'
  if (schema.patternProperties !== undefined) return 'object by id'
  const bounds = [schema.minimum === undefined ? null : `from ${schema.minimum}`, schema.maximum === undefined ? null : `to ${schema.maximum}`].filter(bound => bound !== null)
  return [schema.type ?? 'anything', ...bounds].join(' ')
}
