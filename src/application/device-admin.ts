import { PerchError } from '../domain/errors.ts'
import type { OrgId } from '../domain/ids.ts'
import type { DeviceBody, DeviceChangeBody, DeviceReportBody } from '../protocol/devices.ts'
import { noteOf } from './audit.ts'
import type { Device, DeviceId, Devices } from './devices.ts'
import type { DirectoryNews } from './news.ts'
import type { Directory } from './directory.ts'
import type { Clock } from './ports.ts'
import type { Principal } from './principal.ts'
import { may, mustBeAllowed, mustBeDevice } from './rights.ts'

/** The use cases around devices that are paired: for who runs an org or a site, and for the devices themselves. */
export interface DeviceAdmin {
  /** By name; a manager sees those of their site. */
  devices (principal: Principal): Promise<Device[]>
  /** Its name and where it stands. What it may do stays as it was paired. @throws DEVICE_UNKNOWN, FLOOR_UNKNOWN */
  changeDevice (principal: Principal, id: DeviceId, body: DeviceChangeBody): Promise<Device>
  /** When it returns it gets in no more on this node and its connections are gone; on the others soon. @throws DEVICE_UNKNOWN */
  cutOffDevice (principal: Principal, id: DeviceId): Promise<void>
  /** The one that asks. @throws FORBIDDEN for who is no device that was paired */
  self (principal: Principal): Promise<Device>
  /** What it says of itself, kept once a minute. @throws as `self` */
  report (principal: Principal, body: DeviceReportBody): Promise<void>
}

export interface DeviceAdminParts {
  devices: Devices
  directory: Pick<Directory, 'site' | 'floors'>
  clock: Clock
  /** This node has heard when it returns, the others soon. */
  tell (org: string, news: DirectoryNews): Promise<void>
}

export function deviceAdmin (parts: DeviceAdminParts): DeviceAdmin {
  const { devices, directory, clock, tell } = parts

  /** A device of a site that the principal has nothing to do with is as unknown as one that is not there. */
  async function found (principal: Principal, id: DeviceId): Promise<Device> {
    mustBeAllowed(principal, 'write-devices')
    const device = await devices.device(principal.org, id)
    if (device === null || !may(principal, 'write-devices', device)) throw new PerchError('DEVICE_UNKNOWN', { device: id })
    return device
  }

  return {
    async devices (principal) {
      mustBeAllowed(principal, 'read-devices')
      return await devices.devices(principal.org, principal.site)
    },
    async changeDevice (principal, id, body) {
      const { org } = principal
      const before = await found(principal, id)
      // On another floor a point is another place.
      const change = body.floor !== undefined && body.floor !== before.floor && body.point === undefined ? { ...body, point: null } : body
      await mustStandThere(directory, org, { ...before, ...change })
      const changed = await devices.changeDevice(org, id, change, noteOf({ clock }, principal, 'device-put', { what: id, detail: { floor: change.floor ?? before.floor } }))
      if (changed === null) throw new PerchError('DEVICE_UNKNOWN', { device: id })
      await tell(org, { what: 'device', id })
      return changed
    },
    async cutOffDevice (principal, id) {
      const { org } = principal
      const { role, site } = await found(principal, id)
      const now = clock.now()
      if (!await devices.cutOffDevice(org, id, now, noteOf({ clock }, principal, 'device-cut-off', { what: id, detail: { role, site } }))) throw new PerchError('DEVICE_UNKNOWN', { device: id })
      await tell(org, { what: 'key', id })
    },
    async self (principal) {
      const device = await devices.device(principal.org, mustBeDevice(principal))
      if (device === null) throw new PerchError('UNAUTHENTICATED')
      return device
    },
    report: async (principal, body) => { await devices.reportDevice(principal.org, mustBeDevice(principal), body, clock.now()) }
  }
}

/** @throws SITE_UNKNOWN, FLOOR_UNKNOWN for one of another site, BAD_REQUEST for a point on no floor */
export async function mustStandThere (directory: Pick<Directory, 'site' | 'floors'>, org: OrgId, { site, floor = null, point = null }: Pick<DeviceBody, 'site' | 'floor' | 'point'>): Promise<void> {
  if (point !== null && floor === null) throw new PerchError('BAD_REQUEST', { field: 'point', reason: 'a `point` is one on a `floor`' })
  if (await directory.site(org, site) === null) throw new PerchError('SITE_UNKNOWN', { site })
  if (floor === null) return
  const floors = await directory.floors(org)
  if (!floors.some(({ id, site: its }) => id === floor && its === site)) throw new PerchError('FLOOR_UNKNOWN', { floor })
}
