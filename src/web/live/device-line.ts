import { connect, type Perch } from '../../client/index.ts'
import type { DeviceHealth } from '../../domain/device.ts'
import { Api } from './api.ts'
import { moved, pairing, REPORT_MS, unpair, type Device } from './device.ts'

/** A paired screen's connection and its calls. */
export interface DeviceLine {
  perch: Perch
  api: Api
  close (): void
}

/**
 * Opens the line of the device that this is. It follows where the device is said to stand, says every minute how it is, and forgets everything when it is cut off.
 * `version`: of what runs here; `health`: asked before each report.
 */
export function openDeviceLine (version: string, health: () => DeviceHealth = () => 'ok'): DeviceLine {
  const token = (): string => pairing.value.state === 'paired' ? pairing.value.token : ''
  const perch = connect({ url: location.origin, token })
  const api = new Api(token)
  const look = async (): Promise<void> => {
    await api.ask('PUT', '/v1/devices/self', { version, health: health() })
    const device = await api.ask<Device>('GET', '/v1/devices/self')
    if (pairing.value.state === 'paired' && JSON.stringify(device) !== JSON.stringify(pairing.value.device)) moved(device)
  }
  // Not reached: the next time. Cut off: the connection says so as well.
  const report = (): void => { look().catch(() => {}) }
  const every = setInterval(report, REPORT_MS)
  const end = perch.on('connection', connection => {
    if (connection.state === 'live') report()
    if (connection.state === 'closed' && connection.error.code === 'UNAUTHENTICATED') unpair()
  })
  return {
    perch,
    api,
    close () {
      clearInterval(every)
      end()
      perch.close()
    }
  }
}
