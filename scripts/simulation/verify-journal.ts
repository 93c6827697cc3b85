import { ApiRefusal, askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { JournalLine } from './journal.ts'
import { eachOf } from './permits.ts'

export interface JournalCheck {
  claims: number
  /** Still running or yet to begin. */
  active: number
  /** What was promised and is not so (INV-5). */
  broken: string[]
}

const AT_ONCE = 16

/** One claim as the journal has it: the last that was promised, and what was asked for since. */
interface Promised {
  last: ClaimView
  asked: Array<Extract<JournalLine, { asked: unknown }>['asked']>
}

/** Every claim that was said to be persisted is there, as it was said or with what was asked for since, or has ended. @throws Unreachable, ApiRefusal */
export async function verifyJournal (server: ApiAddress, lines: readonly JournalLine[]): Promise<JournalCheck> {
  const check: JournalCheck = { claims: 0, active: 0, broken: [] }
  const promises = promisesOf(lines)
  await eachOf([...promises.values()], AT_ONCE, async promised => {
    const found = await findClaim(server, promised.last.id)
    check.claims++
    if (found !== null && found.state !== 'ended') check.active++
    const wrong = whatIsWrong(promised, found)
    if (wrong !== null) check.broken.push(`${promised.last.id}: ${wrong}`)
  })
  return check
}

export function promisesOf (lines: readonly JournalLine[]): Map<string, Promised> {
  const promises = new Map<string, Promised>()
  for (const line of lines) {
    if ('answered' in line) promises.set(line.answered.id, { last: line.answered, asked: [] })
    else promises.get(line.asked.claim)?.asked.push(line.asked)
  }
  return promises
}

async function findClaim (server: ApiAddress, id: string): Promise<ClaimView | null> {
  try {
    return await askApi(server, 'GET', `/v1/claims/${id}`) as ClaimView
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 'CLAIM_UNKNOWN') return null
    throw error
  }
}

/** Null: the promise was kept. */
export function whatIsWrong ({ last, asked }: Promised, found: ClaimView | null): string | null {
  if (found === null) return `is missing: ${JSON.stringify(last)}`
  if (found.why === 'revoked' && last.why !== 'revoked') return 'was revoked'
  if (found.person !== last.person) return `is ${found.person}'s, was ${last.person}'s`
  if (![last.space, ...asked.map(({ space }) => space)].includes(found.space)) return `is on ${found.space}, was on ${last.space}`
  if (![last.to, ...asked.map(({ to }) => to)].includes(found.to)) return `ends ${found.to}, not ${last.to}`
  // Who checks in early begins early, and who moves begins there.
  if (found.from !== last.from && asked.length === 0) return `begins ${found.from}, not ${last.from}`
  if (last.state === 'ended' && found.state !== 'ended') return `is ${found.state} again after it had ended`
  if (last.state === 'present' && found.state === 'booked') return 'lost its check-in'
  return null
}
