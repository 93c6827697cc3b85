import assert from 'node:assert/strict'
import { MINUTE } from '../../../src/domain/time.ts'
import type { Suite } from '../directory.ts'
import { newOrg, refused, siteOf } from './office.ts'

export const orgs: Suite = async (t, directory) => {
  await t.test('an org is there as it was last put', async () => {
    const id = await newOrg(directory)
    const policy = { releaseGraceMs: null, minStayMs: 5 * MINUTE, overlapping: { desk: 2, room: null } }
    const put = await directory.putOrg({ id, name: 'Änne & Co', policy })
    assert.deepEqual(put, { id, name: 'Änne & Co', policy, policyRevision: 2 })
    assert.deepEqual(await directory.org(id), put)
  })

  await t.test('an org that nobody put is not there', async () => {
    assert.equal(await directory.org('nobody'), null)
  })

  await t.test('the policy revision of an org grows when its policy changes, and only then', async () => {
    const id = await newOrg(directory)
    const revision = async (name: string, policy: object): Promise<number> => (await directory.putOrg({ id, name, policy })).policyRevision
    const first = await revision('Office', {})
    assert.equal(await revision('Renamed', {}), first)
    assert.equal(await revision('Renamed', { minStayMs: MINUTE, longestStayMs: MINUTE }), first + 1)
    assert.equal(await revision('Renamed', { longestStayMs: MINUTE, minStayMs: MINUTE }), first + 1)
    assert.equal(await revision('Renamed', { minStayMs: MINUTE, longestStayMs: MINUTE, releaseGraceMs: undefined }), first + 1)
    assert.equal(await revision('Renamed', { minStayMs: MINUTE, longestStayMs: MINUTE, releaseGraceMs: null }), first + 2)
  })

  await t.test('orgs are listed in pages by id', async () => {
    const ids = [await newOrg(directory), await newOrg(directory), await newOrg(directory)]
    const all = (await directory.orgs({ after: null, limit: 1_000 })).map(org => org.id)
    assert.deepEqual(all, [...all].sort())
    const paged = (await directory.orgs({ after: ids[0] ?? null, limit: 1 })).map(org => org.id)
    assert.deepEqual(paged, [ids[1]])
    assert.deepEqual((await directory.orgs({ after: ids[2] ?? null, limit: 5 })), [])
  })

  await t.test('a site is there as it was last put', async () => {
    const org = await newOrg(directory)
    const site = siteOf({ hours: { zone: 'America/New_York', hours: { 1: { opens: '07:00', closes: '24:00' } } }, policy: { readingMarks: false } })
    await directory.putSite(org, siteOf())
    assert.deepEqual((await directory.putSite(org, site)).site, site)
    assert.deepEqual(await directory.site(org, 'hq'), site)
    assert.equal(await directory.site(org, 'mill'), null)
    assert.equal(await directory.site('nobody', 'hq'), null)
  })

  await t.test('the sites of an org are its own, by id', async () => {
    const [org, other] = [await newOrg(directory), await newOrg(directory)]
    for (const id of ['mill', 'Barn', 'hq']) await directory.putSite(org, siteOf({ id }))
    await directory.putSite(other, siteOf({ id: 'theirs' }))
    assert.deepEqual((await directory.sites(org)).map(site => site.id), ['Barn', 'hq', 'mill'])
    assert.deepEqual(await directory.sites('nobody'), [])
  })

  await t.test('the policy revision of the org grows when the hours or policy of a site change, and only then', async () => {
    const org = await newOrg(directory)
    const hours = { zone: 'Europe/Berlin', hours: { 1: { opens: '08:00', closes: '18:00' } } }
    const steps = [
      [siteOf(), 0], [siteOf({ name: 'Renamed' }), 0], [siteOf({ hours: { zone: 'Europe/Paris', hours: null } }), 1], [siteOf({ hours }), 1], [siteOf({ hours }), 0],
      [siteOf({ hours, policy: { minStayMs: 1 } }), 1], [siteOf({ id: 'second' }), 0]
    ] as const
    let revision = (await directory.org(org))?.policyRevision ?? 0
    for (const [site, growth] of steps) {
      revision += growth
      assert.equal((await directory.putSite(org, site)).policyRevision, revision)
      assert.equal((await directory.org(org))?.policyRevision, revision)
    }
  })

  await t.test('of sites that change at once each counts in the policy revision', async () => {
    const org = await newOrg(directory)
    for (const id of ['a', 'b', 'c', 'd']) await directory.putSite(org, siteOf({ id }))
    const before = (await directory.org(org))?.policyRevision ?? 0
    const changes = ['a', 'b', 'c', 'd'].map(async id => (await directory.putSite(org, siteOf({ id, policy: { minStayMs: 1 } }))).policyRevision - before)
    assert.deepEqual((await Promise.all(changes)).sort(), [1, 2, 3, 4])
  })

  await t.test('a site needs its org', async () => {
    await refused('ORG_UNKNOWN', directory.putSite('nobody', siteOf()))
  })
}
