import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import { toMoment } from '../../src/protocol/time.ts'
import { eachOf } from './permits.ts'

/** What the API's list of claims says of INV-1 and, for kinds of which a person may have one at a time, of INV-2. */
export interface ClaimsCheck {
  claims: number
  overlaps: string[]
}

const AT_ONCE = 16
/** The most that the API lists at once. */
const LIMIT = 1_000
const AHEAD_MS = 15 * 24 * 3_600_000

/** Every claim of those spaces that touched the time since `from`. @throws Unreachable, ApiRefusal */
export async function checkClaims (server: ApiAddress, spaces: readonly string[], from: number): Promise<ClaimsCheck> {
  const query = `from=${toMoment(from)}&to=${toMoment(Date.now() + AHEAD_MS)}&limit=${LIMIT}`
  const lists = await eachOf(spaces, AT_ONCE, async space => {
    const { claims } = await askApi(server, 'GET', `/v1/claims?space=${space}&${query}`) as { claims: ClaimView[] }
    return claims
  })
  const claims = lists.flat()
  return { claims: claims.length, overlaps: [...overlapsBy(claims, ({ space }) => space), ...overlapsBy(claims.filter(({ kind }) => kind === 'desk'), ({ person }) => `${person}'s desk`)] }
}

/** Claims that one key has at the same time. What a fault took back (`revoked`) was never held. */
export function overlapsBy (claims: readonly ClaimView[], keyOf: (claim: ClaimView) => string): string[] {
  const groups = new Map<string, Array<{ claim: ClaimView, from: number, to: number }>>()
  for (const claim of claims) {
    if (claim.why === 'revoked') continue
    const from = Date.parse(claim.from)
    const to = Math.min(Date.parse(claim.to), Date.parse(claim.endedAt ?? claim.to))
    if (to <= from) continue
    const key = keyOf(claim)
    groups.set(key, [...groups.get(key) ?? [], { claim, from, to }])
  }
  return Array.from(groups, ([key, list]) => overlapsIn(key, list.sort((a, b) => a.from - b.from))).flat()
}

function overlapsIn (key: string, list: ReadonlyArray<{ claim: ClaimView, from: number, to: number }>): string[] {
  const found: string[] = []
  let latest = list[0]
  for (const next of list.slice(1)) {
    if (latest !== undefined && next.from < latest.to) found.push(`${key}: ${describe(latest.claim)} and ${describe(next.claim)}`)
    if (latest === undefined || next.to > latest.to) latest = next
  }
  return found
}

function describe ({ id, space, person, from, to, state, endedAt }: ClaimView): string {
  return `${id} (${space}, ${person}, ${from} to ${to}, ${state}${endedAt === undefined ? '' : ` at ${endedAt}`})`
}
