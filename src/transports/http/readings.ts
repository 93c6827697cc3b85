import type { Commands } from '../../application/commands.ts'
import { ReadingsReply } from '../../protocol/answers.ts'
import { ReadingsRequest } from '../../protocol/requests.ts'
import { LARGE_BODY_LIMIT, principalOf, refusals, type Http } from './instance.ts'

export function readings (v1: Http, commands: Commands): void {
  v1.post('/readings', {
    bodyLimit: LARGE_BODY_LIMIT,
    schema: {
      tags: ['readings'],
      summary: 'What sensors say',
      description: 'Late, repeated and out-of-order readings do no harm. 200 says that each reading has its answer, not that each was taken.',
      body: ReadingsRequest,
      response: { 200: ReadingsReply, ...refusals }
    }
  }, async request => ({ answers: await commands.read(principalOf(request), request.body) }))
}
