import { PerchError } from '../../domain/errors.ts'

/** The first word of an error reply: the server is there, but not able or not in charge, and has written nothing. */
const NOT_NOW = new Set(['TRYAGAIN', 'ASK', 'MOVED', 'CLUSTERDOWN', 'LOADING', 'READONLY', 'MASTERDOWN', 'NOREPLICAS', 'MISCONF', 'BUSY', 'NOAUTH', 'NOPERM', 'WRONGPASS'])

/** ioredis says so before it has sent anything; these messages are all it gives. */
const NOT_SENT = /enableOfflineQueue options is false|Too many Cluster redirections/

export function isNoScript (error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}

/**
 * What an ioredis error means to the caller. `commit`: whether a lost reply leaves open what happened.
 * Redis out of memory is LEDGER_BEHIND: what grows without bound but for its limit is the outbox, reads go on, and it ends when the ledger catches up.
 */
export function failureOf (error: unknown, commit: boolean): PerchError {
  if (error instanceof PerchError) return error
  if (!(error instanceof Error)) return new PerchError('INTERNAL', {}, error)
  if (error.name === 'ReplyError') {
    const word = error.message.slice(0, error.message.indexOf(' '))
    if (word === 'OOM') return new PerchError('LEDGER_BEHIND', {}, error)
    return new PerchError(NOT_NOW.has(word) ? 'RECOVERING' : 'INTERNAL', {}, error)
  }
  if (!commit || NOT_SENT.test(error.message)) return new PerchError('RECOVERING', {}, error)
  return new PerchError('OUTCOME_UNKNOWN', {}, error)
}
