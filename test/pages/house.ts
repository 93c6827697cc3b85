import type { BrowserContext } from 'playwright-core'
import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { hqFloors } from '../../src/cli/seed/hq.ts'
import { Random } from '../../src/cli/seed/random.ts'
import type { Role } from '../../src/domain/role.ts'
import type { PersonBody } from '../../src/protocol/people.ts'
import type { DeviceBody } from '../../src/protocol/devices.ts'
import type { Session } from '../../src/web/live/sign-in.ts'
import { AUDIENCE, Issuer } from '../adapters/auth/issuer.ts'
import { apiOf, openBackends } from '../e2e/installation.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { startPerch, type RunningPerch } from '../harness/perch.ts'

/** A house with people, on a real server with Redis and Postgres, whose people come from an identity provider. */
export interface House {
  node: RunningPerch
  /** With the admin's key. */
  api: ApiAddress
  issuer: Issuer
  /** Another node on the same backends. */
  startNode (env?: Record<string, string>): Promise<RunningPerch>
  /** For that long; default a working day. */
  tokenOf (person: string, claims?: { perch_role?: Role, perch_site?: string }, lastsMs?: number): Promise<string>
  apiAs (person: string): Promise<ApiAddress>
  /** Pages of that browser find somebody signed in. */
  signIn (context: BrowserContext, person: string, claims?: { perch_role?: Role, perch_site?: string }): Promise<void>
}

const WORKING_DAY_MS = 8 * 3_600_000

/** Also who has the longest name that a screen has to take. */
const PEOPLE: ReadonlyArray<PersonBody & { id: string }> = [
  { id: 'anna', name: 'Anna Keller', badges: ['04A2C901'] },
  { id: 'bruno', name: 'Bruno Hofer', badges: ['04A2C902'] },
  { id: 'claire', name: 'Claire Dubois', badges: ['04A2C903'] },
  { id: 'hidden', name: 'Henriette Verborgen', visibility: 'hidden', badges: ['04A2C904'] },
  { id: 'maximiliane', name: 'Maximiliane Freifrau von Oberhausen-Schwarzenbach', badges: ['04A2C905'] }
]

/** Floors of the demo's house in St. Gallen, always open. `floors`: their ids; default those from the café to the studio. */
export async function openHouse (t: Cleanup, { floors = ['hq-0', 'hq-2', 'hq-3'], issuer: given, env: more = {} }: { floors?: readonly string[], issuer?: Issuer, env?: Record<string, string> } = {}): Promise<House> {
  const [{ env }, issuer] = await Promise.all([openBackends(t), given ?? Issuer.start(t)])
  const startNode: House['startNode'] = async own => {
    const node = await startPerch(t, { ...env, OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE, ...more, ...own })
    await node.ready()
    return node
  }
  const node = await startNode()
  const api = apiOf(node)
  await askApi(api, 'PUT', '/v1/org', { name: 'Perch & Co.' })
  await askApi(api, 'PUT', '/v1/sites/hq', { name: 'St. Gallen', zone: 'Europe/Zurich' })
  await askApi(api, 'PUT', '/v1/people', { people: PEOPLE })
  for (const { id, ...floor } of hqFloors(new Random(7))) if (floors.includes(id)) await askApi(api, 'PUT', `/v1/floors/${id}`, floor)
  const tokenOf: House['tokenOf'] = async (person, claims = {}, lastsMs = WORKING_DAY_MS) => {
    const now = Date.now()
    return await issuer.token(now, { sub: person, exp: Math.floor((now + lastsMs) / 1_000), ...claims })
  }
  return {
    node,
    api,
    issuer,
    startNode,
    tokenOf,
    apiAs: async person => ({ url: node.url, token: await tokenOf(person) }),
    async signIn (context, person, claims) {
      const session: Session = { token: await tokenOf(person, claims), person: { id: person, name: PEOPLE.find(({ id }) => id === person)?.name ?? person, role: claims?.perch_role ?? 'member', site: claims?.perch_site ?? null } }
      await context.addInitScript({ content: `sessionStorage.setItem('perch.session', ${JSON.stringify(JSON.stringify(session))})` })
    }
  }
}

/** Approves the code that a screen shows. */
export async function approve (api: ApiAddress, code: string, body: Partial<DeviceBody> = {}): Promise<void> {
  await askApi(api, 'POST', `/v1/pairings/${code}/approve`, { name: 'Lobby', role: 'display', site: 'hq', floor: 'hq-3', point: [40, 22], ...body })
}
