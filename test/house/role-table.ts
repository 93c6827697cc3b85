import { OF_THE_ORG, OPERATIONS, RIGHTS, SEES, type Operation } from '../../src/application/rights.ts'
import { ROLES } from '../../src/domain/role.ts'

/** What each operation is, for people. The types demand all of them. */
const ABOUT: Readonly<Record<Operation, string>> = {
  watch: 'floors as they are and change, for the audience in the last line',
  'read-floors': 'sites, floors and their plans',
  'claim-own': 'claim, check in, change and release for oneself',
  'claim-others': 'the same for others, by id or badge',
  'read-own-claims': 'one\'s own claims, and what is known of oneself',
  'read-claims': 'claims of others, now and in the past',
  block: 'spaces out of service, and back',
  'send-readings': 'what sensors say',
  'write-self': 'who sees one\'s own name',
  'find-people': 'a few people by the beginning of their names, and never the hidden',
  'read-people': 'people and groups',
  'write-people': 'people, groups and badges; export and erase a person',
  'write-floors': 'floors and plans',
  'write-sites': 'sites, opening hours and their rules',
  'read-org': 'name and rules of the organisation',
  'write-org': 'the same, changed; retention at once',
  'read-audit': 'who did what to which claim, plan, policy or person',
  'read-keys': 'API keys by name',
  'write-keys': 'API keys made and revoked',
  'read-devices': 'displays, kiosks and sensor gateways, and how they are',
  'write-devices': 'devices paired, renamed and cut off'
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** Role by operation as a table in Markdown, as src/application/rights.ts has it. */
export function roleTable (): string {
  return [
    row(['operation', 'what', ...ROLES]),
    row(['---', '---', ...ROLES.map(() => '---')]),
    ...OPERATIONS.map(operation => row([`\`${operation}\``, ABOUT[operation], ...ROLES.map(role => !RIGHTS[role].includes(operation) ? '' : OF_THE_ORG.has(operation) ? 'of the org' : 'yes')])),
    row(['audience', 'the most that is shown of a floor', ...ROLES.map(role => RIGHTS[role].includes('watch') ? SEES[role] : '')])
  ].join('\n')
}
