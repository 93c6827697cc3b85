import { readFile } from 'node:fs/promises'
import { chunks } from '../application/deadlines.ts'
import { parseImport, type ImportDocument } from './import-document.ts'
import { askApi, type ApiAddress } from './seed/api.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

const PEOPLE_AT_ONCE = 500
const GROUPS_AT_ONCE = 500

export interface ImportOptions {
  /** A file, or - for the standard input. */
  from: string
  server: ApiAddress
  /** End the claims of spaces that a changed floor takes off. */
  release: boolean
}

/**
 * Brings a document to a running server, part by part, in the order in which one needs the other. May be repeated; what is not in the document stays as it is.
 * @throws UsageError, ApiRefusal, Unreachable
 */
export async function importDocument (terminal: Terminal, options: ImportOptions): Promise<void> {
  const document = parseImport(await textOf(terminal, options.from))
  for (const [part, calls] of callsOf(document, options.release)) {
    for (const [i, { path, body }] of calls.entries()) {
      await askApi(options.server, 'PUT', path, body)
      terminal.err(`${part} ${i + 1}/${calls.length}`)
    }
  }
}

interface Call {
  path: string
  body: unknown
}

function callsOf ({ org, sites = [], groups = [], people = [], floors = [] }: ImportDocument, release: boolean): Array<[string, Call[]]> {
  return [
    ['org', org === undefined ? [] : [{ path: '/v1/org', body: org }]],
    ['sites', sites.map(site => ({ path: `/v1/sites/${site.id}`, body: site }))],
    ['groups', chunks(groups, GROUPS_AT_ONCE).map(part => ({ path: '/v1/groups', body: { groups: part } }))],
    ['people', chunks(people, PEOPLE_AT_ONCE).map(part => ({ path: '/v1/people', body: { people: part } }))],
    ['floors', floors.map(floor => ({ path: `/v1/floors/${floor.id}${release ? '?release=true' : ''}`, body: floor }))]
  ]
}

async function textOf (terminal: Terminal, from: string): Promise<string> {
  if (from === '-') return await terminal.input()
  try {
    return await readFile(from, 'utf8')
  } catch (error) {
    throw new UsageError(`${from} cannot be read: ${error instanceof Error ? error.message : ''}`)
  }
}
