import type { ClaimView } from '../../src/protocol/claim.ts'
import type { ClaimChange, ClaimRequest } from '../../src/protocol/requests.ts'

/** What can be asked of a claim. Each names it by its id, so that asking again is safe. */
export type Command =
  | { call: 'claim', claim: string, request: ClaimRequest }
  | { call: 'check-in', claim: string }
  | { call: 'release', claim: string }
  | { call: 'change', claim: string, change: ClaimChange }

export interface Alternative {
  space: string
}

/** What one attempt came to. */
export type Reply =
  | { state: 'done', claim: ClaimView, persisted: boolean }
  | { state: 'refused', code: string, retry: boolean, alternatives: readonly Alternative[] }

/** What came of it in the end. `unanswered`: it may have happened, nobody knows. */
export type Answer = Reply | { state: 'unanswered' }

/** The body of a success, as HTTP and a reply frame alike have it. */
export function doneOf (body: unknown): Reply {
  const { claim, persisted } = body as { claim: ClaimView, persisted: boolean }
  return { state: 'done', claim, persisted }
}

/** An error, as HTTP's body and a reply frame's `error` alike have it. */
export function refusedOf (error: unknown, status: number): Reply {
  const { code, retry, alternatives } = (error ?? {}) as { code?: string, retry?: boolean, alternatives?: Alternative[] }
  return { state: 'refused', code: code ?? `HTTP_${status}`, retry: retry ?? status >= 500, alternatives: alternatives ?? [] }
}
