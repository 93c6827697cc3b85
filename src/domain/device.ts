import type { Role } from './role.ts'

export const DEVICE_ROLES = ['display', 'kiosk', 'sensor'] as const satisfies readonly Role[]
export type DeviceRole = typeof DEVICE_ROLES[number]

/** What a device says of itself. */
export const DEVICE_HEALTH = ['ok', 'degraded', 'failing'] as const
export type DeviceHealth = typeof DEVICE_HEALTH[number]
