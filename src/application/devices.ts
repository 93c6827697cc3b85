import type { DeviceHealth, DeviceRole } from '../domain/device.ts'
import type { FloorId, OrgId, SiteId } from '../domain/ids.ts'
import { MINUTE, type Millis } from '../domain/time.ts'
import type { AuditNote } from './audit.ts'
import type { KeyId } from './keys.ts'

/** The id of its token. */
export type DeviceId = KeyId

/** Where a device stands; it may do the same wherever that is at its site. */
export interface DevicePlace {
  floor: FloorId | null
  /** In metres on the floor's plan. */
  point: readonly [x: number, y: number] | null
}

/** What it says of itself. */
export interface DeviceReport {
  version: string
  health: DeviceHealth
}

/** A display, kiosk or sensor gateway that was paired. */
export interface Device extends DevicePlace {
  id: DeviceId
  org: OrgId
  /** What people call it; need not be unique. */
  name: string
  role: DeviceRole
  site: SiteId
  createdAt: Millis
  /** A principal's id: who approved it, or made its code. `person`: nobody may know any more who that was. */
  createdBy: string
  /** Rounded down to the minute; null: never. */
  lastSeenAt: Millis | null
  /** Null: it has not said anything yet. */
  report: DeviceReport | null
}

export interface DeviceChange {
  name?: string | undefined
  floor?: DevicePlace['floor'] | undefined
  point?: DevicePlace['point'] | undefined
}

/** How many of a role there are that were seen lately, and that were not; of the former so many say that they are not well. */
export interface DeviceCount {
  role: DeviceRole
  online: number
  silent: number
  unwell: number
}

/** Devices of one org that are not cut off. */
export const DEVICES_PER_ORG = 5_000
/** Of devices that were cut off so many are kept per org, the newest. */
export const ENDED_DEVICES_PER_ORG = 1_000
/** When a device was last seen is kept to the minute, and so is what it reports. */
export const SEEN_GRAIN_MS = MINUTE
/** A device that was not seen for so long is silent: it is seen every minute, and what is written may be late. */
export const SILENT_AFTER_MS = 3 * MINUTE

/**
 * Devices that are paired, in Postgres: none that was cut off is among them. Reads give what was last written; what changes is written down with `note` in the same transaction. Every call
 * throws LEDGER_BEHIND while Postgres is out of reach.
 */
export interface Devices {
  /** By name; `site` null: of all sites. */
  devices (org: OrgId, site: SiteId | null): Promise<Device[]>
  device (org: OrgId, id: DeviceId): Promise<Device | null>
  /** `hash`: of its secret. False: that id was paired before, of whatever org, so this is nobody's turn. @throws RATE_LIMITED beyond DEVICES_PER_ORG, SITE_UNKNOWN */
  addDevice (device: Device, hash: string, note: AuditNote): Promise<boolean>
  /** What is left out stays. Null: there is none. */
  changeDevice (org: OrgId, id: DeviceId, change: DeviceChange, note: AuditNote): Promise<Device | null>
  /** False: there is none. */
  cutOffDevice (org: OrgId, id: DeviceId, at: Millis, note: AuditNote): Promise<boolean>
  /** Kept once in SEEN_GRAIN_MS: what comes sooner is passed over. */
  reportDevice (org: OrgId, id: DeviceId, report: DeviceReport, at: Millis): Promise<void>
  /** Of all orgs; a role of which there is none is left out. */
  countDevices (seenAfter: Millis): Promise<DeviceCount[]>
}
