import { DevicesInMemory } from '../stand-ins/devices.ts'
import { devicesContract } from './devices.ts'

devicesContract('memory, as tests have them', async () => {
  const devices = new DevicesInMemory()
  let orgs = 0
  return { devices, credentials: devices, newOrg: async () => `org-${++orgs}`, written: async org => devices.notes.filter(note => note.org === org) }
})
