import { askApi, type ApiAddress } from '../src/cli/seed/api.ts'
import { DESKS_PER_FLOOR, floorName, FLOORS, PEOPLE, personName, spaceName } from './claims-workload.ts'

const PEOPLE_AT_ONCE = 600
const DESKS_PER_ROW = 10

/** The office that the workload books, through the public API: 20 floors of 60 desks and as many people. */
export async function seedOffice (server: ApiAddress): Promise<void> {
  const put = async (path: string, body: unknown) => await askApi(server, 'PUT', path, body)
  await put('/v1/org', { name: 'Bench' })
  await put('/v1/sites/hq', { name: 'HQ', zone: 'Europe/Zurich' })
  for (let first = 0; first < PEOPLE; first += PEOPLE_AT_ONCE) {
    await put('/v1/people', { people: Array.from({ length: PEOPLE_AT_ONCE }, (_, i) => ({ id: personName(first + i), name: `Person ${first + i}` })) })
  }
  for (let f = 0; f < FLOORS; f++) await put(`/v1/floors/${floorName(f)}`, floor(f))
}

function floor (f: number) {
  const spaces = Array.from({ length: DESKS_PER_FLOOR }, (_, d) => ({ id: spaceName(f * DESKS_PER_FLOOR + d), label: `${f}.${d}`, kind: 'desk' }))
  const features = spaces.map(({ id }, d) => {
    const [x, y] = [2 * (d % DESKS_PER_ROW), 2 * Math.floor(d / DESKS_PER_ROW)]
    return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 1.6, y], [x + 1.6, y + 0.8], [x, y + 0.8], [x, y]]] }, properties: { space: id } }
  })
  return { site: 'hq', name: `Floor ${f}`, level: f, spaces, plan: { type: 'FeatureCollection', features } }
}
