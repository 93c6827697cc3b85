import { errors } from '../../domain/errors.ts'
import { escapeHtml, outline, prose, typeName, type SchemaPart } from './schema-outline.ts'

interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: SchemaPart
}

interface Operation {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: SchemaPart }> }
  responses?: Record<string, { content?: Record<string, { schema: SchemaPart }> }>
}

/** The part of an OpenAPI document that the page shows. */
export interface ApiDocument {
  info: { title: string, version: string, description?: string }
  paths: Record<string, Record<string, Operation>>
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--quiet:#5b6570;--line:#d8dde3;--ground:#fff;--raised:#f5f7f9;--accent:#0b6e4f}
@media (prefers-color-scheme:dark){:root{--ink:#e7ebef;--quiet:#9aa5b1;--line:#333b44;--ground:#14181c;--raised:#1c2228;--accent:#5fd0a5}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,sans-serif;display:grid;grid-template-columns:17rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem;border-right:1px solid var(--line)}
nav a{display:block;color:inherit;text-decoration:none;padding:.15rem .5rem;border-radius:.3rem;font-size:.875rem}
nav a:hover,nav a:focus-visible{background:var(--raised)}
nav h2{font-size:.8rem;margin:1.2rem .5rem .3rem;color:var(--quiet);text-transform:capitalize}
main{padding:2rem clamp(1rem,4vw,4rem) 6rem;max-width:62rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .5rem}
main h2{margin:3rem 0 1rem;text-transform:capitalize}
article{border:1px solid var(--line);border-radius:.6rem;margin:0 0 1rem;padding:1rem 1.25rem}
article h3{margin:0;font-size:1rem;display:flex;gap:.75rem;flex-wrap:wrap;align-items:baseline}
article h4{margin:1rem 0 .25rem;font-size:.875rem;color:var(--quiet)}
code,.method{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.9em}
.method{font-weight:700;color:var(--accent);min-width:4ch}
.type,.optional{color:var(--quiet);font-size:.875rem}
.optional{font-style:italic}
.says{display:block;font-size:.9rem}
.members{margin:.25rem 0;padding-left:1.1rem;border-left:1px solid var(--line);list-style:none}
.members li{margin:.35rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
summary{cursor:pointer;font-size:.875rem;color:var(--quiet);margin-top:.75rem}
@media (max-width:50rem){body{display:block}nav{position:static;height:auto;border:0;border-bottom:1px solid var(--line)}}
`

/** The reference as one page without scripts or anything from elsewhere. */
export function docsPage (document: ApiDocument): string {
  const sections = byTag(document)
  const nav = sections.map(([tag, operations]) => `<h2>${escapeHtml(tag)}</h2>${operations.map(([method, path]) =>
    `<a href="#${anchor(method, path)}"><span class="method">${method.toUpperCase()}</span> ${escapeHtml(path)}</a>`).join('')}`).join('')
  const body = sections.map(([tag, operations]) => `<h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>${operations.map(showOperation).join('')}`).join('')
  const { title, version, description } = document.info
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><nav aria-label="Calls">${nav}<h2>more</h2><a href="#errors">Errors</a><a href="/openapi.json">openapi.json</a><a href="/asyncapi.json">asyncapi.json</a></nav>
<main><h1>${escapeHtml(title)}</h1><p class="type">${escapeHtml(version)}</p><p>${prose(description ?? '')}</p>${body}${showErrors()}</main></body></html>
`
}

function byTag (document: ApiDocument): Array<[string, Array<[string, string, Operation]>]> {
  const sections = new Map<string, Array<[string, string, Operation]>>()
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (!METHODS.includes(method)) continue
      const tag = operation.tags?.[0] ?? 'other'
      sections.set(tag, [...sections.get(tag) ?? [], [method, path, operation]])
    }
  }
  return [...sections]
}

function showOperation ([method, path, operation]: [string, string, Operation]): string {
  const { summary, description, parameters = [], requestBody, responses = {} } = operation
  const body = requestBody?.content['application/json']?.schema
  return `<article id="${anchor(method, path)}"><h3><span class="method">${method.toUpperCase()}</span><code>${escapeHtml(path)}</code><span>${escapeHtml(summary ?? '')}</span></h3>` +
    (description === undefined ? '' : `<p>${prose(description)}</p>`) +
    (parameters.length === 0 ? '' : `<h4>Parameters</h4><ul class="members">${parameters.map(showParameter).join('')}</ul>`) +
    (body === undefined ? '' : `<h4>Body</h4>${outline(body)}`) +
    Object.entries(responses).filter(([status]) => status.startsWith('2')).map(showResponse).join('') + '</article>\n'
}

function showParameter ({ name, in: where, required, schema }: Parameter): string {
  const says = schema.description === undefined ? '' : `<span class="says">${prose(schema.description)}</span>`
  return `<li><code>${escapeHtml(name)}</code> <span class="type">${where}, ${escapeHtml(typeName(schema))}</span>${required === true ? '' : ' <span class="optional">optional</span>'}${says}</li>`
}

function showResponse ([status, { content }]: [string, { content?: Record<string, { schema: SchemaPart }> }]): string {
  const schema = content?.['application/json']?.schema
  return schema === undefined ? '' : `<details><summary>Answer ${escapeHtml(status)}</summary>${outline(schema)}</details>`
}

function showErrors (): string {
  const rows = Object.entries(errors).map(([code, { status, retry, message }]) =>
    `<tr><td>${status}</td><td><code>${code}</code></td><td>${escapeHtml(message)}</td><td>${retry ? 'yes' : 'no'}</td></tr>`)
  return '<h2 id="errors">Errors</h2><p>Every refusal is <code>{code, message, retry, …}</code>. Codes stay; words may change. <code>retry</code>: the same request may succeed later.</p>' +
    `<table><thead><tr><th>Status</th><th>Code</th><th>What it says</th><th>Retry</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function anchor (method: string, path: string): string {
  return `${method}${path.replaceAll(/[^a-z]+/g, '-')}`.replace(/-$/, '')
}
