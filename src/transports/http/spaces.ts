import Type from 'typebox'
import type { Commands } from '../../application/commands.ts'
import { BlockReply } from '../../protocol/answers.ts'
import { Id } from '../../protocol/ids.ts'
import { BlockRequest } from '../../protocol/requests.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const OneSpace = Type.Object({ space: Id })
const tags = ['spaces']

export function spaces (v1: Http, commands: Commands): void {
  v1.put('/spaces/:space/block', {
    schema: {
      tags,
      summary: 'Take a space out of service',
      description: 'Until a moment, or until the block is lifted. Claims stay; nobody is a no-show meanwhile.',
      params: OneSpace,
      body: Type.Union([BlockRequest, Type.Null()]),
      response: { 200: BlockReply, ...refusals }
    }
  }, async request => ({ position: await commands.block(principalOf(request), request.params.space, request.body ?? {}) }))

  v1.delete('/spaces/:space/block', {
    schema: { tags, summary: 'Put a space back into service', params: OneSpace, response: { 200: BlockReply, ...refusals } }
  }, async request => ({ position: await commands.unblock(principalOf(request), request.params.space) }))
}
