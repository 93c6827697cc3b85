import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { askApi, type ApiAddress } from '../../../src/cli/seed/api.ts'
import { Random } from '../../../src/cli/seed/random.ts'
import type { DeviceBody } from '../../../src/protocol/devices.ts'
import type { FloorView } from '../../../src/protocol/plan.ts'
import type { SiteView } from '../../../src/protocol/site.ts'
import { compilePreload } from '../../faults/preload/preload.ts'
import { startChild, type Child } from '../../harness/child.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { temporaryFolder } from '../../harness/folder.ts'
import { freePort } from '../../harness/ports.ts'
import { until } from '../../harness/wait.ts'

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))
/** The demo office's time: the pictures are of a Tuesday morning, whenever they are made. */
const NINE = '2026-03-03T08:07:00Z'
/** The very first start makes the demo office. */
const START_MS = 120_000

/** The demo office of `scripts/up`, at nine o'clock. */
export interface DemoAtNine {
  url: string
  api: ApiAddress
  /** By how much its clock is off. */
  offMs: number
  server: Child
  /** For other processes that are to have the same clock. */
  env: Readonly<Record<string, string>>
  tokenOf (person: string): Promise<string>
  /** As a device keeps it on itself. */
  device (body: DeviceBody): Promise<string>
}

/** @throws Error where there is no C compiler to shift the clock with */
export async function startDemo (t: Cleanup, at = NINE): Promise<DemoAtNine> {
  const inside = await (await compilePreload(t))?.openInside(t)
  if (inside === undefined) throw new Error('gcc is needed: scripts/install-test-tools installs it')
  const offMs = Date.parse(at) - Date.now()
  await inside.setClock(offMs)
  const [folder, port] = [await temporaryFolder(t, 'pictures'), await freePort()]
  const server = await startChild(process.execPath, [CLI, 'serve', '--demo'], {
    logFile: join(folder, 'output.log'), cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder, PORT: String(port), LOG_LEVEL: 'warn', ...inside.env }
  })
  t.after(async () => { await server.end('SIGKILL') })
  const url = `http://127.0.0.1:${port}`
  await until(async () => (await server.output()).includes('Ctrl-C'), { what: 'the demo office is there', withinMs: START_MS, everyMs: 500 })
  const tokenOf: DemoAtNine['tokenOf'] = async person => (await askApi({ url, token: null }, 'POST', '/dev/sign-in', { person }) as { token: string }).token
  const api = { url, token: await tokenOf('admin') }
  return {
    url,
    api,
    offMs,
    server,
    env: inside.env,
    tokenOf,
    async device (body) {
      const { code } = await askApi(api, 'POST', '/v1/devices', body) as { code: string }
      const { device, token } = await askApi({ url, token: null }, 'POST', '/v1/pairings/redeem', { code }) as { device: unknown, token: string }
      return JSON.stringify({ device, token })
    }
  }
}

/** Of the spaces of each floor: so many are taken, half of that again is reserved, and a few are out of service. */
export async function fill (demo: DemoAtNine, floors: Readonly<Record<string, number>>): Promise<void> {
  const random = new Random(11)
  let person = 0
  for (const [id, taken] of Object.entries(floors)) {
    const floor = await askApi(demo.api, 'GET', `/v1/floors/${id}`) as FloorView
    for (const space of floor.spaces) {
      if (space.sensorOnly === true || space.kind === 'locker' || (space.for ?? null) !== null) continue
      const at = random.next()
      if (at < taken) await claim(demo, space.id, ++person, true)
      else if (at < taken * 1.35) await claim(demo, space.id, ++person, false)
      else if (at > 0.985) await askApi(demo.api, 'PUT', `/v1/spaces/${space.id}/block`, { reason: 'Repair' })
    }
  }
}

const LONG_SITE = 'Hauptverwaltung Süddeutschland und Österreich'
const LONG_FLOORS = ['Rechtsabteilung und Unternehmenskommunikation', 'Forschung und Grundlagenentwicklung', 'Personalgewinnung und Mitarbeiterentwicklung', 'Wirtschaftsprüfung und Risikomanagement']
const LONG_ZONES = ['Großraumbüro Nordwest mit Terrasse', 'Kommunikationszone Innenhof', 'Telefonkonferenzbereich Flussseite', 'Projektarbeitsplätze Besucherempfang']
const LONG_PERSON = 'Dr. Maximiliane Freifrau von Hohenlohe-Schillingsfürst'

/** The house, its floors, zones and rooms, and everybody who is signed in for a picture have the longest names that a German office would. */
export async function lengthenNames ({ api }: DemoAtNine): Promise<void> {
  const { sites } = await askApi(api, 'GET', '/v1/sites') as { sites: SiteView[] }
  const { id: _, ...site } = sites.find(({ id }) => id === 'hq') ?? { id: '' }
  await askApi(api, 'PUT', '/v1/sites/hq', { ...site, name: LONG_SITE })
  const { floors } = await askApi(api, 'GET', '/v1/floors') as { floors: Array<{ id: string, site: string }> }
  for (const [i, { id }] of floors.filter(({ site }) => site === 'hq').entries()) {
    const { id: _, ...floor } = await askApi(api, 'GET', `/v1/floors/${id}`) as FloorView
    await askApi(api, 'PUT', `/v1/floors/${id}`, {
      ...floor,
      name: LONG_FLOORS[i % LONG_FLOORS.length],
      zones: floor.zones.map((zone, j) => ({ ...zone, name: LONG_ZONES[(i + j) % LONG_ZONES.length] })),
      spaces: floor.spaces.map(space => space.kind === 'room' ? { ...space, label: `Besprechungsraum ${space.label}` } : space)
    })
  }
  await askApi(api, 'PUT', '/v1/people', { people: Array.from({ length: 900 }, (_, i) => ({ id: `p${String(i + 1).padStart(4, '0')}`, name: LONG_PERSON })) })
}

/** Whoever may not, for zones and the like, just does not. */
async function claim (demo: DemoAtNine, space: string, person: number, checkIn: boolean): Promise<void> {
  await askApi(demo.api, 'POST', '/v1/claims', { space, person: `p${String(person).padStart(4, '0')}`, checkIn, await: 'accepted' }).catch(() => {})
}
