import type { ClaimReply, VisitReply } from '../protocol/answers.ts'
import { claimView } from '../protocol/claim.ts'
import type { ClaimAnswer, VisitAnswer } from './commands.ts'

/** As every transport answers it. */
export function claimReply ({ claim, position, persisted }: ClaimAnswer): ClaimReply {
  return { claim: claimView(claim), position, persisted }
}

export function visitReply (answer: VisitAnswer): VisitReply {
  return { ...claimReply(answer), claims: answer.claims.map(claimView) }
}
