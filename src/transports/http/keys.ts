import Type from 'typebox'
import type { KeyAdmin } from '../../application/key-admin.ts'
import type { ApiKey } from '../../application/keys.ts'
import type { Millis } from '../../domain/time.ts'
import { Id } from '../../protocol/ids.ts'
import { KeyBody, KeyReply, KeysReply, type KeyView } from '../../protocol/keys.ts'
import { toMoment } from '../../protocol/time.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const tags = ['keys']

export function keys (v1: Http, admin: KeyAdmin): void {
  v1.get('/keys', {
    schema: { tags, summary: 'All API keys that work', response: { 200: KeysReply, ...refusals } }
  }, async request => ({ keys: (await admin.keys(principalOf(request))).map(keyView) }))

  v1.post('/keys', {
    schema: {
      tags,
      summary: 'Make an API key for a service',
      description: 'It may do no more than who makes it. Its `token` is told in this answer and never again.',
      body: KeyBody,
      response: { 201: KeyReply, ...refusals }
    }
  }, async (request, reply) => {
    const { key, token } = await admin.makeKey(principalOf(request), request.body)
    reply.code(201)
    return { key: keyView(key), token }
  })

  v1.delete('/keys/:name', {
    schema: {
      tags,
      summary: 'Revoke an API key',
      description: 'Within a second its requests are refused and its connections closed, on every node. The name is free again.',
      params: Type.Object({ name: Id }),
      response: { 204: Type.Null(), ...refusals }
    }
  }, async (request, reply) => {
    await admin.revokeKey(principalOf(request), request.params.name)
    return await reply.code(204).send(null)
  })
}

function keyView ({ name, role, site, createdAt, expiresAt, lastUsedAt }: ApiKey): KeyView {
  return { name, role, site, createdAt: toMoment(createdAt), expiresAt: momentOrNull(expiresAt), lastUsedAt: momentOrNull(lastUsedAt) }
}

const momentOrNull = (at: Millis | null): string | null => at === null ? null : toMoment(at)
