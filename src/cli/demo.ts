import { asAdmin } from './as-admin.ts'
import { ApiRefusal, askApi, type ApiAddress } from './seed/api.ts'
import { demoOffice, seedDirectory } from './seed.ts'

/** Makes the demo office on a server that has just started, unless it is there, and says where to look. `say` gets lines for a person. */
export async function makeDemo (address: ApiAddress, say: (line: string) => void): Promise<void> {
  const server = await asAdmin(address)
  const office = demoOffice()
  if (!await isThere(server, office.floors.at(-1)?.id ?? '')) {
    await seedDirectory(server, ({ step, done, total }) => say(`  ${step} ${done}/${total}`), office)
  }
  say([
    '',
    `Open ${server.url}  (the demo office: floor map, lobby display, kiosk, admin)`,
    `  its calls: ${server.url}/docs   as whom one can sign in: ${server.url}/dev/people`,
    'Ctrl-C ends it; what was claimed stays.'
  ].join('\n'))
}

/** The floor that is made last: with it, all of the office was made once, and what was changed since is its owner's. */
async function isThere (server: ApiAddress, lastFloor: string): Promise<boolean> {
  try {
    await askApi(server, 'GET', `/v1/floors/${lastFloor}`)
    return true
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 'FLOOR_UNKNOWN') return false
    throw error
  }
}
