import type { Command } from '../../scripts/simulation/command.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import type { Answer, HttpClient } from '../e2e/http.ts'
import type { Outcome } from './history.ts'

/** What a client waits for an answer. A node gives up what it asks of its servers after 2 s. */
const PATIENCE_MS = 5_000
/** Errors of a connection that was never made: nothing was asked. */
const NEVER_SENT = ['ECONNREFUSED', 'EADDRNOTAVAIL']
/** Refusals after which nobody knows. */
const UNKNOWN = ['OUTCOME_UNKNOWN', 'INTERNAL']

/** One attempt, and what the client knows afterwards. Never rejects. */
export async function request (client: HttpClient, command: Command, wait: 'persisted' | 'accepted'): Promise<Outcome> {
  const { method, path, body } = callOf(command, wait)
  try {
    return outcomeOf(await client.ask(method, path, { body, withinMs: PATIENCE_MS }))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code !== undefined && NEVER_SENT.includes(code) ? { type: 'fail', code } : { type: 'unknown', why: code ?? message }
  }
}

function callOf (command: Command, wait: 'persisted' | 'accepted'): { method: string, path: string, body: object } {
  const path = `/v1/claims/${command.claim}`
  switch (command.call) {
    case 'claim': return { method: 'POST', path: '/v1/claims', body: { ...command.request, id: command.claim, await: wait } }
    case 'check-in': return { method: 'POST', path: `${path}/check-in`, body: { await: wait } }
    case 'release': return { method: 'POST', path: `${path}/release`, body: { await: wait } }
    case 'change': return { method: 'PATCH', path, body: { ...command.change, await: wait } }
  }
}

function outcomeOf ({ status, body }: Answer): Outcome {
  if (status < 300) {
    const { claim, position, persisted } = body as ClaimReply
    return { type: 'ok', status, claim, position, persisted }
  }
  const code = typeof body['code'] === 'string' ? body['code'] : `HTTP_${status}`
  return UNKNOWN.includes(code) ? { type: 'unknown', why: code } : { type: 'fail', code }
}
