import { askApi, type ApiAddress } from './seed/api.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** Takes a person out of everything, and prints what that came to. May be repeated. @throws UsageError, ApiRefusal, Unreachable */
export async function erasePerson (terminal: Terminal, server: ApiAddress, [org = '', person = '']: readonly string[]): Promise<void> {
  await mustBeOrg(server, org)
  const report = await askApi(server, 'POST', `/v1/people/${encodeURIComponent(person)}/erase`) as { files: { state: string, replicas?: number, reason?: string } }
  terminal.out(JSON.stringify(report, null, 2))
  for (const line of leftOver(report.files)) terminal.err(line)
}

/** @throws UsageError, ApiRefusal, Unreachable */
export async function exportPerson (terminal: Terminal, server: ApiAddress, [org = '', person = '']: readonly string[]): Promise<void> {
  await mustBeOrg(server, org)
  terminal.out(JSON.stringify(await askApi(server, 'GET', `/v1/people/${encodeURIComponent(person)}/export`), null, 2))
}

/** @throws ApiRefusal, Unreachable */
export async function retainNow (terminal: Terminal, server: ApiAddress): Promise<void> {
  terminal.out(JSON.stringify(await askApi(server, 'POST', '/v1/retention'), null, 2))
}

/** Credentials are for one organisation: naming it keeps a person of the same id in another from being erased by mistake. */
async function mustBeOrg (server: ApiAddress, org: string): Promise<void> {
  const { id } = await askApi(server, 'GET', '/v1/org') as { id: string }
  if (id !== org) throw new UsageError(`these credentials are for the organisation ${id}`)
}

/** What is the operator's to do. */
function leftOver ({ state, replicas = 0, reason }: { state: string, replicas?: number, reason?: string }): string[] {
  const lines: string[] = []
  if (state === 'refused') lines.push(`Redis did not write its files anew (${reason ?? ''}): run BGREWRITEAOF, and BGSAVE where it keeps dumps`)
  if (state === 'under-way') lines.push('Redis still writes its files anew: see aof_rewrite_in_progress and rdb_bgsave_in_progress of INFO persistence')
  if (replicas > 0) lines.push(`Redis has ${replicas} replica${replicas === 1 ? '' : 's'} with files of their own: run BGREWRITEAOF there, and BGSAVE where they keep dumps`)
  lines.push('Postgres: dead rows go with the next vacuum, its log of changes and backups age out as they are set up: docs/privacy.md')
  return lines
}
