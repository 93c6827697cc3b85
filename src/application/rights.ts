import { atMost, type Audience, type Viewer } from '../domain/audience.ts'
import { PerchError } from '../domain/errors.ts'
import type { PersonId, SiteId } from '../domain/ids.ts'
import type { DeviceId } from './devices.ts'
import type { Principal, Role } from './principal.ts'

/** Everything that a principal can ask for, as the table below and the documentation name it. */
export const OPERATIONS = [
  'watch', 'read-floors', 'claim-own', 'claim-others', 'read-own-claims', 'read-claims', 'block', 'send-readings', 'write-self', 'find-people', 'read-people', 'write-people',
  'write-floors', 'write-sites', 'read-org', 'write-org', 'read-audit', 'read-keys', 'write-keys',
  'read-devices', 'write-devices'
] as const
export type Operation = typeof OPERATIONS[number]

const people: readonly Operation[] = ['watch', 'read-floors', 'read-own-claims', 'read-org', 'write-self']
const manage: readonly Operation[] = [...people, 'claim-own', 'claim-others', 'read-claims', 'block', 'send-readings', 'find-people', 'read-people', 'write-floors', 'read-devices', 'write-devices']

/** Who may do what; every use case asks here and nowhere else. */
export const RIGHTS: Readonly<Record<Role, readonly Operation[]>> = {
  viewer: people,
  member: [...people, 'claim-own', 'find-people'],
  kiosk: ['watch', 'read-floors', 'read-org', 'claim-others', 'find-people'],
  display: ['watch', 'read-floors', 'read-org'],
  sensor: ['send-readings'],
  manager: manage,
  admin: OPERATIONS,
  operator: ['read-org', 'write-org']
}

/** What is of no site, and touches all: not for who is of one site alone, whatever the role. People are of the org; whoever takes one out, or reads what one did, does so everywhere. */
export const OF_THE_ORG: ReadonlySet<Operation> = new Set<Operation>(['write-people', 'write-org', 'read-audit'])

/** The most that each sees of a floor. */
export const SEES: Readonly<Record<Role, Audience>> = {
  viewer: 'named', member: 'named', kiosk: 'named', display: 'anonymous', sensor: 'counts', manager: 'named', admin: 'named', operator: 'counts'
}

/** What an operation is on, as far as rights depend on it. */
export interface Scope {
  site?: SiteId
}

export function may (principal: Principal, operation: Operation, scope: Scope = {}): boolean {
  if (!RIGHTS[principal.role].includes(operation)) return false
  return principal.site === null || (!OF_THE_ORG.has(operation) && (scope.site === undefined || scope.site === principal.site))
}

/** @throws FORBIDDEN */
export function mustBeAllowed (principal: Principal, operation: Operation, scope: Scope = {}): void {
  if (!may(principal, operation, scope)) throw new PerchError('FORBIDDEN', { operation })
}

/**
 * Give somebody else that role at that site: nobody makes a key that may do more than they may themselves. An operator is of no one org, so none of them makes one. @throws FORBIDDEN
 */
export function mustBeAbleToGive (principal: Principal, role: Role, site: SiteId | null): void {
  const within = RIGHTS[role].every(operation => RIGHTS[principal.role].includes(operation)) && (principal.site === null || principal.site === site)
  if (!within || (role === 'operator' && principal.role !== 'operator')) throw new PerchError('FORBIDDEN', { operation: 'write-keys', reason: 'a key may do no more than who makes it' })
}

/** Claim or change for that person: for oneself or, with the right to, for others. @throws FORBIDDEN */
export function mustActFor (principal: Principal, person: PersonId, scope: Scope): void {
  mustBeAllowed(principal, person === principal.person ? 'claim-own' : 'claim-others', scope)
}

/** Say that a command was asked for a while ago: who acts for others at a kiosk may, since they may have been cut off; nobody may say so of themselves. @throws FORBIDDEN */
export function mustBeAbleToTellLate (principal: Principal, ageMs: number | undefined, scope: Scope): void {
  if (ageMs !== undefined && !may(principal, 'claim-others', scope)) throw new PerchError('FORBIDDEN', { operation: 'claim-others', reason: '`ageMs` is for who may claim for others' })
}

/** A device that was paired, and came with its own token. @throws FORBIDDEN */
export function mustBeDevice ({ id, key }: Principal): DeviceId {
  if (key === undefined || id !== `device:${key}`) throw new PerchError('FORBIDDEN', { reason: 'that is for a device that was paired' })
  return key
}

/** As what a principal watches a floor: as it asked for, at most as its role may; of a display that asks for most the policy says how much that is. @throws FORBIDDEN */
export function viewerFor (principal: Principal, wanted: Audience | undefined, scope: Scope): Viewer {
  mustBeAllowed(principal, 'watch', scope)
  if (principal.role === 'display' && (wanted === undefined || wanted === 'named')) return 'display'
  const allowed = SEES[principal.role]
  return wanted === undefined ? allowed : atMost(wanted, allowed)
}
