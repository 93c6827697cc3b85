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

/** The part of an OpenAPI document that the page shows. `tags`: its sections, in their order. */
export interface ApiDocument {
  info: { title: string, version: string, description?: string }
  tags?: Array<{ name: string }>
  paths: Record<string, Record<string, Operation>>
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

export const STYLE = `
:root{color-scheme:light dark;--paper:#f6f4ef;--card:#fffdf9;--ink:#17262e;--soft:#54656c;--line:#ddd8cd;--accent:#0a6e96}
@media (prefers-color-scheme:dark){:root{--paper:#10171d;--card:#18222a;--ink:#eef2f1;--soft:#a3b3b8;--line:#2b3942;--accent:#4fb3d9}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 "Atkinson Hyperlegible Next",system-ui,sans-serif;display:grid;grid-template-columns:19rem minmax(0,1fr)}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem 3rem;border-right:1px solid var(--line)}
nav a{display:block;color:inherit;text-decoration:none;padding:.25rem .5rem;border-radius:.5rem;font-size:.875rem;overflow-wrap:anywhere}
nav a:hover{background:var(--card)}
nav h2{font-size:.875rem;margin:1.25rem .5rem .25rem;color:var(--soft)}
.name{text-transform:capitalize}
main{padding:2.5rem clamp(1rem,4vw,4rem) 6rem;max-width:64rem}
h1{font-size:2.25rem;line-height:1.2;margin:0 0 .25rem}
main h2{margin:3.5rem 0 1rem;font-size:1.5rem}
.index{display:none}
article{background:var(--card);border:1px solid var(--line);border-radius:1rem;margin:0 0 1rem;padding:1.25rem 1.5rem;scroll-margin-top:1rem}
article h3{margin:0;font-size:1.125rem;line-height:1.35}
.call{margin:.25rem 0 0;overflow-wrap:anywhere}
article h4{margin:1.25rem 0 .25rem;font-size:.875rem;color:var(--soft)}
code,.method{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.9em}
.method{font-weight:700;color:var(--accent)}
.type,.optional{color:var(--soft);font-size:.875rem}
.optional{font-style:italic}
.says{display:block;font-size:.9rem}
.members{margin:.25rem 0;padding-left:1rem;border-left:1px solid var(--line);list-style:none}
.members li{margin:.5rem 0}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.5rem .75rem;border-bottom:1px solid var(--line);vertical-align:top}
summary{cursor:pointer;font-size:.875rem;color:var(--soft);margin-top:1rem}
@media (max-width:50rem){body{display:flex;flex-direction:column}nav{order:1;position:static;height:auto;border:0;border-top:1px solid var(--line)}nav a{padding:.5rem}main{padding:1.5rem 1rem 3rem}.index{display:block}article{padding:1rem}}
`

/** The reference as one page without scripts or anything from elsewhere. */
export function docsPage (document: ApiDocument): string {
  const sections = byTag(document)
  const nav = sections.map(([tag, operations]) => `<h2 class="name">${escapeHtml(tag)}</h2>${operations.map(([method, path]) =>
    `<a href="#${anchor(method, path)}"><span class="method">${method.toUpperCase()}</span> ${escapeHtml(path)}</a>`).join('')}`).join('')
  const body = sections.map(([tag, operations]) => `<h2 id="${escapeHtml(tag)}" class="name">${escapeHtml(tag)}</h2>${operations.map(showOperation).join('')}`).join('')
  const { title, version, description } = document.info
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><nav id="calls" aria-label="Calls">${nav}<h2>More</h2><a href="#errors">Errors</a><a href="/openapi.json">openapi.json</a><a href="/asyncapi.json">asyncapi.json</a></nav>
<main><h1>${escapeHtml(title)}</h1><p class="type">Version ${escapeHtml(version)}</p><p>${prose(description ?? '')}</p><p class="index"><a href="#calls">All calls</a></p>${body}${showErrors()}</main></body></html>
`
}

function byTag (document: ApiDocument): Array<[string, Array<[string, string, Operation]>]> {
  const sections = new Map<string, Array<[string, string, Operation]>>((document.tags ?? []).map(({ name }) => [name, []]))
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (!METHODS.includes(method)) continue
      const tag = operation.tags?.[0] ?? 'other'
      sections.set(tag, [...sections.get(tag) ?? [], [method, path, operation]])
    }
  }
  return [...sections].filter(([, operations]) => operations.length > 0)
}

function showOperation ([method, path, operation]: [string, string, Operation]): string {
  const { summary, description, parameters = [], requestBody, responses = {} } = operation
  const body = requestBody?.content['application/json']?.schema
  return `<article id="${anchor(method, path)}"><h3>${escapeHtml(summary ?? '')}</h3><p class="call"><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></p>` +
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
    `<div class="wide"><table><thead><tr><th>Status</th><th>Code</th><th>What it says</th><th>Retry</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function anchor (method: string, path: string): string {
  return `${method}${path.replaceAll(/[^a-z]+/g, '-')}`.replace(/-$/, '')
}
