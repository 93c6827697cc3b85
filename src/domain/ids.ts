import type { Millis } from './time.ts'

/** What orgs, sites, floors, zones, spaces, people and groups are called: no separator of ours can stand in one. */
export const ID_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'

export type OrgId = string
export type SiteId = string
export type FloorId = string
export type ZoneId = string
export type SpaceId = string
export type PersonId = string
export type GroupId = string
/** UUIDv7 in lower case. */
export type ClaimId = string

const ID = new RegExp(ID_PATTERN)

export function isId (text: string): boolean {
  return ID.test(text)
}

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export function isClaimId (text: string): text is ClaimId {
  return UUID_V7.test(text)
}

/** The moment that a UUIDv7 carries in its first 48 bits (RFC 9562, section 5.7). */
export function claimIdTime (id: ClaimId): Millis {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/** Every org lives in one of this many shards; a commit stays within one. Fixed for the life of an installation: keys carry the number. */
export const SHARDS = 64

/** FNV-1a over the UTF-16 units of the id, folded to a shard. */
export function shardOf (org: OrgId): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < org.length; i++) {
    hash = Math.imul(hash ^ org.charCodeAt(i), 0x01000193) >>> 0
  }
  return hash % SHARDS
}
