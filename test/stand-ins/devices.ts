import type { AuditNote } from '../../src/application/audit.ts'
import type { Credential, Credentials } from '../../src/application/credentials.ts'
import { DEVICES_PER_ORG, SEEN_GRAIN_MS, type Device, type DeviceChange, type DeviceCount, type DeviceId, type DeviceReport, type Devices } from '../../src/application/devices.ts'
import { DEVICE_ROLES } from '../../src/domain/device.ts'
import { PerchError } from '../../src/domain/errors.ts'

interface Kept extends Device {
  hash: string
  revoked: boolean
  reportedAt: number
}

/** The contract of devices, and of credentials as far as they are devices', in this process, for tests whose subject is not how they are kept. `away` makes it answer as if Postgres were gone. */
export class DevicesInMemory implements Devices, Credentials {
  away = false
  /** What was written down with a change. */
  readonly notes: Array<AuditNote & { org: string }> = []
  readonly #devices = new Map<DeviceId, Kept>()

  async devices (org: string, site: string | null): Promise<Device[]> {
    this.#open()
    const wanted = this.#paired().filter(device => device.org === org && (site === null || device.site === site))
    return wanted.sort((a, b) => a.name < b.name || (a.name === b.name && a.id < b.id) ? -1 : 1).map(deviceOf)
  }

  async device (org: string, id: DeviceId): Promise<Device | null> {
    this.#open()
    const found = this.#find(org, id)
    return found === null ? null : deviceOf(found)
  }

  async addDevice (device: Device, hash: string, note: AuditNote): Promise<boolean> {
    this.#open()
    if (this.#paired().filter(({ org }) => org === device.org).length >= DEVICES_PER_ORG) throw new PerchError('RATE_LIMITED', { devices: DEVICES_PER_ORG })
    if (this.#devices.has(device.id)) return false
    this.#devices.set(device.id, { ...device, hash, revoked: false, reportedAt: -Infinity })
    this.notes.push({ org: device.org, ...note })
    return true
  }

  async changeDevice (org: string, id: DeviceId, { name, floor, point }: DeviceChange, note: AuditNote): Promise<Device | null> {
    this.#open()
    const found = this.#find(org, id)
    if (found === null) return null
    Object.assign(found, name !== undefined && { name }, floor !== undefined && { floor }, point !== undefined && { point })
    this.notes.push({ org, ...note })
    return deviceOf(found)
  }

  async cutOffDevice (org: string, id: DeviceId, _: number, note: AuditNote): Promise<boolean> {
    this.#open()
    const found = this.#find(org, id)
    if (found === null) return false
    found.revoked = true
    this.notes.push({ org, ...note })
    return true
  }

  async reportDevice (org: string, id: DeviceId, { version, health }: DeviceReport, at: number): Promise<void> {
    this.#open()
    const found = this.#find(org, id)
    if (found === null || at - found.reportedAt < SEEN_GRAIN_MS) return
    Object.assign(found, { report: { version, health }, reportedAt: at })
    await this.used([id], at)
  }

  async countDevices (seenAfter: number): Promise<DeviceCount[]> {
    this.#open()
    return [...DEVICE_ROLES].sort().flatMap(role => {
      const all = this.#paired().filter(device => device.role === role)
      const seen = all.filter(({ lastSeenAt }) => lastSeenAt !== null && lastSeenAt > seenAfter)
      const unwell = seen.filter(({ report }) => report !== null && report.health !== 'ok')
      return all.length === 0 ? [] : [{ role, online: seen.length, silent: all.length - seen.length, unwell: unwell.length }]
    })
  }

  async credential (id: DeviceId): Promise<Credential | null> {
    this.#open()
    const found = this.#paired().find(device => device.id === id)
    if (found === undefined) return null
    const { org, role, site, hash, lastSeenAt } = found
    return { id, org, principal: `device:${id}`, role, site, hash, expiresAt: null, lastUsedAt: lastSeenAt, usedGrainMs: SEEN_GRAIN_MS }
  }

  async gone (ids: readonly DeviceId[]): Promise<DeviceId[]> {
    this.#open()
    const paired = new Set(this.#paired().map(({ id }) => id))
    return ids.filter(id => !paired.has(id))
  }

  async used (ids: readonly DeviceId[], at: number): Promise<void> {
    this.#open()
    for (const id of ids) {
      const device = this.#devices.get(id)
      if (device !== undefined) device.lastSeenAt = Math.max(device.lastSeenAt ?? 0, at - at % SEEN_GRAIN_MS)
    }
  }

  #open (): void {
    if (this.away) throw new PerchError('LEDGER_BEHIND')
  }

  #paired (): Kept[] {
    return [...this.#devices.values()].filter(({ revoked }) => !revoked)
  }

  #find (org: string, id: DeviceId): Kept | null {
    return this.#paired().find(device => device.org === org && device.id === id) ?? null
  }
}

function deviceOf ({ hash, revoked, reportedAt, ...device }: Kept): Device {
  return device
}
