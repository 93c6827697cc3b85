import Type from 'typebox'
import type { Ticketing } from '../../application/ticketing.ts'
import { PerchError } from '../../domain/errors.ts'
import { Moment, toMoment } from '../../protocol/time.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const TicketReply = Type.Object({ ticket: Type.String({ description: 'For `?ticket=`, once' }), expiresAt: Moment })

export function tickets (v1: Http, ticketing: Ticketing): void {
  v1.post('/tickets', {
    schema: {
      tags: ['tickets'],
      summary: 'A ticket for one connection of the live stream',
      description: 'For pages, which can give no header to a WebSocket or an EventSource: `?ticket=` in the address of /v1/live, /socket.io/ or /v1/floors/{floor}/events, within 30 s. It works once, on whatever node.',
      body: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]),
      response: { 201: TicketReply, ...refusals }
    }
  }, async (request, reply) => {
    const { ticket, expiresAt } = await ticketing.issue(principalOf(request))
    reply.code(201)
    return { ticket, expiresAt: toMoment(expiresAt) }
  })
}

/** The ticket in an address; null: there is none. @throws BAD_REQUEST for more than one */
export function ticketIn (address: string | undefined): string | null {
  const query = address?.split('?', 2)[1]
  if (query === undefined || !query.includes('ticket')) return null
  const given = new URLSearchParams(query).getAll('ticket')
  if (given.length > 1) throw new PerchError('BAD_REQUEST', { field: 'ticket', reason: 'one ticket is enough' })
  return given[0] ?? null
}
