import { timeText } from '../time/site-time.ts'
import type { Problem } from './problem.ts'
import type { KioskWords } from './words.ts'

/** A sentence for whoever stands there: what happened, and what to do. `zone`: the site's. */
export function problemText ({ problems: words }: KioskWords, problem: Problem, zone: string): string {
  const { code, label = null, opensAt } = problem
  switch (code) {
    case 'BADGE_UNKNOWN': case 'PERSON_UNKNOWN': return words.badgeUnknown
    case 'PIN_WRONG': return words.pinWrong
    case 'PIN_LOCKED': return words.pinLocked
    case 'RATE_LIMITED': return words.tooMany
    case 'NEEDS_CONNECTION': return words.needsConnection
    case 'NOTHING_TO_RELEASE': case 'CLAIM_UNKNOWN': return words.nothingToRelease
    case 'NO_DESK': return words.noDesk
    case 'SPACE_TAKEN': return words.taken(label)
    case 'SPACE_BLOCKED': return words.blocked(label)
    case 'PERSON_BUSY': return words.busy
    case 'CLAIM_ENDED': return words.ended
    case 'QUEUE_FULL': return words.full
    case 'OUTSIDE_POLICY': return ruleText(words, problem.rule, opensAt === undefined ? null : timeText(opensAt, zone))
    default: return words.cannot
  }
}

function ruleText (words: KioskWords['problems'], rule: string | undefined, opensAt: string | null): string {
  switch (rule) {
    case 'check-in-window': return words.tooEarly(opensAt)
    case 'eligible': return words.notForYou
    case 'opening-hours': return words.closed
    default: return words.outside
  }
}
