import Type from 'typebox'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { DirectoryAdmin } from '../../application/directory-admin.ts'
import type { FloorSummary, StoredFloor } from '../../application/directory.ts'
import type { Eligible } from '../../domain/space.ts'
import { FloorReply, FloorsReply } from '../../protocol/answers.ts'
import { Id } from '../../protocol/ids.ts'
import { FloorBody, FloorView, type FloorSummaryView } from '../../protocol/plan.ts'
import { acceptsGzip } from './accepts-gzip.ts'
import { LARGE_BODY_LIMIT, principalOf, refusals, type Http } from './instance.ts'

const OneFloor = Type.Object({ floor: Id })
/** What a caller gets is described by the schema; what is sent is bytes already: the schema's own serializer would try each kind of geometry on each shape. */
const EncodedFloor = Type.Unsafe<Buffer>(FloorView)
const tags = ['floors']

const compress = promisify(gzip)
/** By what is sent and not by its id, so that nobody gets what somebody else may see (INV-7). Made once for as long as the directory remembers it: 2,000 spaces are half a megabyte, and a tenth of it on the way. */
const compressed = new WeakMap<StoredFloor, Promise<Buffer>>()

export function floors (v1: Http, directory: DirectoryAdmin): void {
  v1.get('/floors', {
    schema: { tags, summary: 'All floors', response: { 200: FloorsReply, ...refusals } }
  }, async request => ({ floors: (await directory.floors(principalOf(request))).map(summaryView) }))

  v1.get('/floors/:floor', {
    schema: {
      tags,
      summary: 'A floor with its plan',
      description: 'As PUT takes it; of people who may claim a space those who may not read people see themselves alone. An unchanged plan costs no transfer (ETag).',
      params: OneFloor,
      response: { 200: EncodedFloor, 304: Type.Null(), ...refusals }
    }
  }, async (request, reply) => {
    const principal = principalOf(request)
    const floor = await directory.floor(principal, request.params.floor)
    // Lists of people differ by who asks: what a browser has kept of somebody else's is another thing.
    const etag = `"${floor.revision}.${principal.role}.${principal.person ?? ''}"`
    reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'accept-encoding, authorization' })
    if (request.headers['if-none-match'] === etag) return await reply.code(304).send(null)
    reply.type('application/json; charset=utf-8')
    if (!acceptsGzip(request.headers['accept-encoding'])) return await reply.send(textOf(floor))
    const bytes = compressed.get(floor) ?? compress(textOf(floor))
    compressed.set(floor, bytes)
    return await reply.header('content-encoding', 'gzip').send(await bytes)
  })

  v1.put('/floors/:floor', {
    bodyLimit: LARGE_BODY_LIMIT,
    schema: {
      tags,
      summary: 'Create or change a floor',
      description: 'No claim is lost: if a space with claims would go, the answer is SPACE_IN_USE, unless `release` is true: then its claims end with the reason `removed`.',
      params: OneFloor,
      querystring: Type.Object({ release: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
      body: FloorBody,
      response: { 200: FloorReply, 201: FloorReply, ...refusals }
    }
  }, async (request, reply) => {
    const { floor, created, removed } = await directory.putFloor(principalOf(request), request.params.floor, request.body, { release: request.query.release === true })
    reply.code(created ? 201 : 200)
    return { floor: summaryView({ ...floor, spaces: floor.spaces.length }), removed: [...removed] }
  })
}

function textOf (floor: StoredFloor): Buffer {
  return Buffer.from(JSON.stringify(floorView(floor)))
}

function summaryView ({ id, site, name, level, revision, spaces }: FloorSummary): FloorSummaryView {
  return { id, site, name, level, revision, spaces }
}

function floorView ({ removed, ...floor }: StoredFloor): FloorView {
  return {
    ...floor,
    zones: floor.zones.map(zone => ({ ...zone, for: eligibleView(zone.for) })),
    spaces: floor.spaces.map(space => ({ ...space, features: [...space.features], for: eligibleView(space.for) }))
  }
}

function eligibleView (eligible: Eligible | null): { people: string[], groups: string[] } | null {
  return eligible === null ? null : { people: [...eligible.people], groups: [...eligible.groups] }
}
