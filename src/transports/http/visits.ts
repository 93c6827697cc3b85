import { visitReply } from '../../application/claim-reply.ts'
import type { Commands } from '../../application/commands.ts'
import { IdentifiedReply, VisitReply } from '../../protocol/answers.ts'
import { claimView } from '../../protocol/claim.ts'
import { IdentifyRequest, VisitRequest } from '../../protocol/requests.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const tags = ['claims']

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

  v1.post('/people/arrive', {
    schema: {
      tags,
      summary: 'Somebody is there',
      description: 'Checks in each claim of theirs at the site whose time to check in has come. Safe to repeat: what is checked in stays so. With nothing to check in: OUTSIDE_POLICY with `opensAt` where it is too early, CLAIM_ENDED where it was released, CLAIM_UNKNOWN.',
      body: VisitRequest,
      response: { 200: VisitReply, ...refusals }
    }
  }, async request => visitReply(await commands.arrive(principalOf(request), request.body)))

  v1.post('/people/leave', {
    schema: {
      tags,
      summary: 'Somebody goes',
      description: 'Gives back each claim of theirs at the site that has begun or was checked in. Safe to repeat. With nothing to give back: CLAIM_UNKNOWN.',
      body: VisitRequest,
      response: { 200: VisitReply, ...refusals }
    }
  }, async request => visitReply(await commands.leave(principalOf(request), request.body)))
}
