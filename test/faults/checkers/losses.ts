import { describe } from './ledger-history.ts'
import type { Operation } from '../history.ts'
import type { Problem } from './problem.ts'

/** A claim that a fault took, and what its holder hears on asking for it. */
export interface Loss {
  operation: Operation
  /** The process that answered has lived ever since. One that ended has forgotten what it had answered. */
  lives: boolean
  /** What the node says of the claim now. */
  answer: { code?: string, lost?: boolean }
}

/** Who was told of a claim that is lost now is told that as well, by any node while the one that answered lives. */
export function checkLosses (losses: readonly Loss[]): { problems: Problem[], reported: number } {
  const told = losses.filter(({ answer }) => answer.code === 'CLAIM_UNKNOWN' && answer.lost === true)
  const problems = losses.filter(loss => loss.lives && !told.includes(loss)).map(({ operation, answer }): Problem => {
    return { kind: 'not reported', invariant: 'INV-5', what: `${describe(operation)} is lost, and whoever asks for it hears ${JSON.stringify(answer)}` }
  })
  return { problems, reported: told.length }
}
