import { connect, PerchError, type Perch } from '../../client/index.ts'
import type { DeviceHealth } from '../../domain/device.ts'
import { Api } from './api.ts'
import { moved, pairing, REPORT_MS, unpair, type Device } from './device.ts'
import { waitMs } from './insist.ts'

/** A paired screen's connection and its calls. */
export interface DeviceLine {
  perch: Perch
  api: Api
  close (): void
}

/**
 * Opens the line of the device that this is. It follows where the device is said to stand, says every minute how it is, comes back whatever ended it, and forgets everything when
 * the device is cut off. `version`: of what runs here; `health`: asked before each report.
 */
export function openDeviceLine (version: string, health: () => DeviceHealth = () => 'ok'): DeviceLine {
  const token = (): string => pairing.value.state === 'paired' ? pairing.value.token : ''
  const perch = connect({ url: location.origin, token })
  const api = new Api(token)
  const look = async (): Promise<void> => {
    const device = await api.ask<Device>('GET', '/v1/devices/self')
    if (pairing.value.state === 'paired' && JSON.stringify(device) !== JSON.stringify(pairing.value.device)) moved(device)
  }
  /** Whether it was cut off, when something says so: the calls know at once, the connection after another attempt. Not reached: the next time. */
  const ask = (task: () => Promise<unknown>): void => { task().catch((error: unknown) => { if (isCutOff(error)) unpair() }) }
  const report = (): void => { ask(async () => await api.ask('PUT', '/v1/devices/self', { version, health: health() })) }
  const every = setInterval(() => {
    report()
    ask(look)
  }, REPORT_MS)
  let closedTimes = 0
  let again = 0
  let first = 0
  const ends = [
    perch.on('failure', error => { if (isCutOff(error)) ask(look) }),
    perch.on('connection', connection => {
      if (connection.state === 'live') {
        closedTimes = 0
        ask(look)
        clearTimeout(first)
        first = window.setTimeout(report, SETTLE_MS)
      }
      if (connection.state !== 'closed') return
      if (isCutOff(connection.error)) unpair()
      // Nobody stands by who could press a button.
      else again = window.setTimeout(() => perch.reconnect(), waitMs(++closedTimes + RELUCTANCE))
    })
  ]
  return {
    perch,
    api,
    close () {
      clearInterval(every)
      clearTimeout(again)
      clearTimeout(first)
      for (const end of ends) end()
      perch.close()
    }
  }
}

/** Until a screen that has only just been connected shows what it is to show: the server would keep for a minute that it does not. */
const SETTLE_MS = 3_000

/** As if so many attempts had failed already: a server that closed for good means it for a while. */
const RELUCTANCE = 3

function isCutOff (error: unknown): boolean {
  return error instanceof PerchError && error.code === 'UNAUTHENTICATED'
}
