import assert from 'node:assert/strict'
import { DAY, HOUR } from '../../../src/domain/time.ts'
import type { ClaimQuery } from '../../../src/application/ports.ts'
import type { Suite } from '../ledger.ts'
import { NOW, claimOf, ended, granted, openOffice } from './office.ts'

export const history: Suite = async (t, { ledger, directory }) => {
  const { org, record, entry } = openOffice(ledger)
  const day = (n: number): { from: number, to: number } => ({ from: NOW + n * DAY, to: NOW + n * DAY + HOUR })
  const claims = {
    yesterday: claimOf({ ...day(-1), life: ended }),
    today: claimOf({ ...day(0), space: 'd2' }),
    bobs: claimOf({ ...day(1), person: 'bob' }),
    upstairs: claimOf({ ...day(2), floor: 'hq-2', space: 'e1' }),
    elsewhere: claimOf({ ...day(3), floor: 'mill-1', space: 'm1' }),
    long: claimOf({ from: NOW - 31 * DAY, to: NOW - 2 * DAY, space: 'd8', person: 'carl', sole: false })
  }
  await record(...Object.values(claims).map(claim => entry([granted(claim)])))
  for (const site of ['hq', 'mill']) {
    await directory.putOrg({ id: org, name: 'History', policy: {} })
    await directory.putSite(org, { id: site, name: site, hours: { zone: 'Europe/Berlin', hours: null }, policy: {} })
  }
  for (const [id, site] of [['hq-1', 'hq'], ['hq-2', 'hq'], ['mill-1', 'mill']] as const) {
    await directory.putFloor(org, { id, site, name: id, level: 1, zones: [], spaces: [], plan: { type: 'FeatureCollection', features: [] } }, 0)
  }

  const search = async (query: Partial<ClaimQuery>): Promise<string[]> => {
    const found = await ledger.claims(org, { from: NOW - 10 * DAY, to: NOW + 10 * DAY, limit: 100, ...query })
    return found.map(claim => Object.entries(claims).find(([, known]) => known.id === claim.id)?.[0] ?? claim.id)
  }

  const queries: Record<string, { query: Partial<ClaimQuery>, found: string[] }> = {
    'of the whole org have the newest beginning first': { query: {}, found: ['elsewhere', 'upstairs', 'bobs', 'today', 'yesterday', 'long'] },
    'of a person': { query: { person: 'anna' }, found: ['elsewhere', 'upstairs', 'today', 'yesterday'] },
    'of a space': { query: { space: 'd1' }, found: ['bobs', 'yesterday'] },
    'of a floor': { query: { floor: 'hq-1' }, found: ['bobs', 'today', 'yesterday', 'long'] },
    'of a site': { query: { site: 'hq' }, found: ['upstairs', 'bobs', 'today', 'yesterday', 'long'] },
    'of a person at a site': { query: { person: 'anna', site: 'mill' }, found: ['elsewhere'] },
    'of a site that has no floors': { query: { site: 'nowhere' }, found: [] },
    'within a limit are the newest': { query: { person: 'anna', limit: 2 }, found: ['elsewhere', 'upstairs'] },
    'that only reach into the time': { query: { from: NOW + HOUR - 1, to: NOW + DAY + 1 }, found: ['bobs', 'today'] },
    'that only touch the time are not': { query: { from: NOW + HOUR, to: NOW + DAY }, found: [] },
    'as long as a claim can be': { query: { from: NOW - 3 * DAY, to: NOW - 2 * DAY }, found: ['long'] }
  }
  for (const [what, { query, found }] of Object.entries(queries)) {
    await t.test(`claims ${what}: found`, async () => {
      assert.deepEqual(await search(query), found)
    })
  }

  await t.test('a claim of the history is as its last event left it', async () => {
    assert.deepEqual(await ledger.claims(org, { person: 'anna', ...day(-1), limit: 1 }), [claims.yesterday])
  })

  await t.test('the history of one org knows nothing of another', async () => {
    assert.deepEqual(await ledger.claims(`${org}-other`, { from: 0, to: NOW + 10 * DAY, limit: 10 }), [])
  })
}
