import type { Commands } from '../../application/commands.ts'
import { IdentifiedReply } from '../../protocol/answers.ts'
import { claimView } from '../../protocol/claim.ts'
import { IdentifyRequest } from '../../protocol/requests.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const tags = ['visits']

/** What somebody who stands at a kiosk may want. Whatever they show of themselves is in the body: addresses are logged. */
export function visits (v1: Http, commands: Commands): void {
  v1.post('/people/identify', {
    schema: {
      tags,
      summary: 'Who stands at the kiosk, and what they have today',
      description: 'By a badge, or an id with its PIN. Claims are those at the kiosk\'s site that have begun, or begin until midnight there. Whatever is wrong with what was shown is PERSON_UNKNOWN.',
      body: IdentifyRequest,
      response: { 200: IdentifiedReply, ...refusals }
    }
  }, async request => {
    const { person, claims } = await commands.identify(principalOf(request), request.body)
    return { person, claims: claims.map(claimView) }
  })
}
