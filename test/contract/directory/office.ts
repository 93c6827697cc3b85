import assert from 'node:assert/strict'
import { PerchError, type ErrorCode } from '../../../src/domain/errors.ts'
import type { OrgId } from '../../../src/domain/ids.ts'
import type { Floor, Space } from '../../../src/domain/plan.ts'
import type { Directory, Site, StoredPerson } from '../../../src/application/directory.ts'

let orgs = 0

/** An org of its own for each test. */
export async function newOrg (directory: Directory): Promise<OrgId> {
  const { id } = await directory.putOrg({ id: `office-${String(++orgs).padStart(3, '0')}`, name: 'Office', policy: {} })
  return id
}

export const siteOf = (other: Partial<Site> = {}): Site => ({ id: 'hq', name: 'Head office', hours: { zone: 'Europe/Berlin', hours: null }, policy: {}, ...other })

/** An org with one site, `hq`. */
export async function newSite (directory: Directory): Promise<OrgId> {
  const org = await newOrg(directory)
  await directory.putSite(org, siteOf())
  return org
}

export const spaceOf = (id: string, other: Partial<Space> = {}): Space => ({ id, label: id.toUpperCase(), kind: 'desk', zone: null, features: [], for: null, sensorOnly: false, ...other })

export function floorOf (other: Partial<Floor> = {}): Floor {
  return {
    id: 'hq-1', site: 'hq', name: 'First floor', level: 1, zones: [], spaces: [spaceOf('d2'), spaceOf('d1')], plan: { type: 'FeatureCollection', features: [] }, ...other
  }
}

export const personOf = (id: string, other: Partial<StoredPerson> = {}): StoredPerson => ({ id, name: id, visibility: 'everyone', groups: [], badges: [], ...other })

export async function refused (code: ErrorCode, call: Promise<unknown>): Promise<PerchError> {
  const error: unknown = await call.then(() => null, (error: unknown) => error)
  assert.ok(error instanceof PerchError, `refused with ${code}: ${String(error)}`)
  assert.equal(error.code, code)
  return error
}
