import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { effectivePolicy } from '../../src/domain/policy.ts'
import { SECOND, type Millis } from '../../src/domain/time.ts'
import type { OrgView, SiteView } from '../../src/protocol/site.ts'

/** A shorter stale time would let sensors do nothing but repeat themselves. */
const SHORTEST_STALE_MS = 30 * SECOND

/**
 * Sites' rules at the day's speed: where a day lasts minutes, a grace of a quarter of an hour would let nobody be a no-show. `speed`: minutes per real second.
 * The sites' own rules come back with `restoreTempo`; after a run that was killed, with `perch seed`. @throws ApiRefusal, Unreachable
 */
export async function compressTempo (server: ApiAddress, sites: readonly SiteView[], speed: number): Promise<void> {
  const { policy: org } = await askApi(server, 'GET', '/v1/org') as OrgView
  for (const site of sites) {
    const { checkInEarlyMs, releaseGraceMs, cutOffMs, readingEndsAfterMs, readingStaleMs, minStayMs } = effectivePolicy(org, site.policy)
    const shorter = (ms: Millis, least: Millis = SECOND) => Math.max(Math.min(ms, least), Math.round(ms / Math.max(1, speed * 60)))
    await putPolicy(server, site, {
      ...site.policy,
      checkInEarlyMs: shorter(checkInEarlyMs),
      releaseGraceMs: releaseGraceMs === null ? null : shorter(releaseGraceMs),
      cutOffMs: shorter(cutOffMs),
      readingEndsAfterMs: readingEndsAfterMs === null ? null : shorter(readingEndsAfterMs, 5 * SECOND),
      readingStaleMs: shorter(readingStaleMs, SHORTEST_STALE_MS),
      minStayMs: shorter(minStayMs)
    })
  }
}

export async function restoreTempo (server: ApiAddress, sites: readonly SiteView[]): Promise<void> {
  for (const site of sites) await putPolicy(server, site, site.policy)
}

async function putPolicy (server: ApiAddress, { id, name, zone, hours }: SiteView, policy: SiteView['policy']): Promise<void> {
  await askApi(server, 'PUT', `/v1/sites/${id}`, { name, zone, hours, policy })
}
