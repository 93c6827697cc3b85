import Type from 'typebox'
import type { FastifyReply } from 'fastify'
import { claimReply } from '../../application/claim-reply.ts'
import type { ClaimAnswer, Commands } from '../../application/commands.ts'
import { momentOf } from '../../application/moments.ts'
import { ClaimReply, ClaimsReply } from '../../protocol/answers.ts'
import { claimView, ClaimView } from '../../protocol/claim.ts'
import { ClaimIdText, Id } from '../../protocol/ids.ts'
import { ClaimChange, ClaimRequest, OnClaimRequest } from '../../protocol/requests.ts'
import { Moment } from '../../protocol/time.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const OneClaim = Type.Object({ claim: ClaimIdText })
/** May be left out altogether. */
const Body = Type.Union([OnClaimRequest, Type.Null()])

const Query = Type.Object({
  person: Type.Optional(Id),
  space: Type.Optional(Id),
  floor: Type.Optional(Id),
  from: Type.Optional(Moment),
  to: Type.Optional(Moment),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 }))
}, { additionalProperties: false })

const tags = ['claims']

export function claims (v1: Http, commands: Commands): void {
  v1.post('/claims', {
    schema: {
      tags,
      summary: 'Claim a space, now or for later',
      description: 'Asked again with the same `id` and content, the answer is the claim as it is by then, with 200. Without `from` it begins now; without `to` it ends at closing time or at the next claim.',
      body: ClaimRequest,
      response: { 200: ClaimReply, 201: ClaimReply, ...refusals }
    }
  }, async (request, reply) => answer(reply, await commands.claim(principalOf(request), request.body), 201))

  v1.get('/claims', {
    schema: {
      tags,
      summary: 'Find claims',
      description: 'By person, space or floor; those that touch [`from`, `to`), by default the next 14 days. What is now and later comes from the live state, the past from the ledger.',
      querystring: Query,
      response: { 200: ClaimsReply, ...refusals }
    }
  }, async request => {
    const { from, to, ...query } = request.query
    const found = await commands.claims(principalOf(request), { ...query, from: momentOf('from', from) ?? undefined, to: momentOf('to', to) ?? undefined })
    return { claims: found.map(claimView) }
  })

  v1.get('/claims/:claim', {
    schema: { tags, summary: 'One claim', params: OneClaim, response: { 200: ClaimView, ...refusals } }
  }, async request => claimView(await commands.find(principalOf(request), request.params.claim)))

  v1.patch('/claims/:claim', {
    schema: { tags, summary: 'Move a claim, or change its end', params: OneClaim, body: ClaimChange, response: { 200: ClaimReply, ...refusals } }
  }, async (request, reply) => answer(reply, await commands.change(principalOf(request), request.params.claim, request.body)))

  v1.post('/claims/:claim/check-in', {
    schema: { tags, summary: 'The holder is there', params: OneClaim, body: Body, response: { 200: ClaimReply, ...refusals } }
  }, async (request, reply) => answer(reply, await commands.checkIn(principalOf(request), request.params.claim, request.body?.await, request.body?.ageMs)))

  v1.post('/claims/:claim/release', {
    schema: { tags, summary: 'Give a claim back', params: OneClaim, body: Body, response: { 200: ClaimReply, ...refusals } }
  }, async (request, reply) => answer(reply, await commands.release(principalOf(request), request.params.claim, request.body?.await, request.body?.ageMs)))
}

/** `created`: the status when this command did something that had not been done before. */
function answer (reply: FastifyReply, done: ClaimAnswer, created: 200 | 201 = 200): ClaimReply {
  if (created === 201) reply.header('location', `/v1/claims/${done.claim.id}`)
  reply.code(done.repeated ? 200 : created)
  return claimReply(done)
}
