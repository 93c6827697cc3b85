import Type from 'typebox'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Encoding, markText, type Frame } from '../../application/frame.ts'
import type { Hub } from '../../application/hub.ts'
import type { Clock } from '../../application/ports.ts'
import { viewerFor } from '../../application/rights.ts'
import { PerchError } from '../../domain/errors.ts'
import { SnapshotFrame } from '../../protocol/frames.ts'
import { acceptsGzip } from '../http/accepts-gzip.ts'
import { principalOf, refusals, type Http } from '../http/instance.ts'
import { OneFloor, WantedAudience } from './events.ts'

/** What a caller gets is described by the schema; what is sent is bytes already, which no serializer touches. */
const EncodedSnapshot = Type.Unsafe<Buffer>(SnapshotFrame)

const compress = promisify(gzip)
/** Made once per snapshot, whoever asks for it. */
const gzipped = new Encoding(async (frame: Frame) => await compress(frame.text))

/** `GET /v1/floors/{floor}/state`: a floor as it is now. */
export function floorState (v1: Http, hub: Hub, clock: Clock): void {
  v1.get('/floors/:floor/state', {
    schema: {
      tags: ['floors'],
      summary: 'A floor as it is now',
      description: 'The snapshot of the live stream. ETag is position and audience. Age tells how many seconds ago this was last known to be the newest: above 10 it is stale.',
      params: OneFloor,
      querystring: WantedAudience,
      response: { 200: EncodedSnapshot, 304: Type.Unsafe<undefined>({ description: 'Nothing has changed' }), ...refusals }
    }
  }, async (request, reply) => {
    const principal = principalOf(request)
    // Before anything is read for somebody who may not watch at all.
    viewerFor(principal, request.query.audience, {})
    const lease = await hub.lease(principal.org, request.params.floor)
    try {
      const { replica } = lease
      if (replica.state === null) throw new PerchError('RECOVERING')
      const viewer = viewerFor(principal, request.query.audience, { site: replica.state.site })
      const frame = hub.ring(replica, viewer).snapshot()
      if (frame === null || frame.mark === null) throw new PerchError('RECOVERING')
      const etag = `"${markText(frame.mark)}"`
      const age = replica.confirmed === null ? 0 : Math.max(0, Math.floor((clock.now() - replica.confirmed.at) / 1000))
      reply.headers({ etag, age, 'cache-control': 'private, no-cache', vary: 'accept-encoding, authorization' })
      if (matches(request.headers['if-none-match'], etag)) return await reply.code(304).send(undefined)
      reply.type('application/json; charset=utf-8')
      if (!acceptsGzip(request.headers['accept-encoding'])) return await reply.send(Buffer.from(frame.text))
      return await reply.header('content-encoding', 'gzip').send(await gzipped.of(frame))
    } finally {
      lease.end()
    }
  })
}

function matches (header: string | undefined, etag: string): boolean {
  return header !== undefined && header.split(',').some(one => one.trim().replace(/^W\//, '') === etag || one.trim() === '*')
}
