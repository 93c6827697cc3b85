import { PerchError } from '../../client/index.ts'
import type { MapWords } from './words/map-words.ts'

/** A space that may be had instead, as the server says. */
export interface Alternative {
  space: string
  label: string
  floor: string
  /** Metres; null: on another floor. */
  distance: number | null
}

/** The claim that is in the way of a new one. */
export interface InTheWay {
  claim: string
  space: string
  /** As the wire has them. */
  from: string
  to: string
}

/** Why something came to nothing, for people: what is said, and what may be offered. */
export interface Refused {
  text: string
  alternatives: readonly Alternative[]
  inTheWay: InTheWay | null
}

export interface RefusedParts {
  words: MapWords
  label: string
  /** What was asked for was shown as free: somebody was quicker. */
  seemedFree: boolean
  labelOf: (space: string) => string
  floorName: (floor: string) => string
  time: (at: string) => string
}

/** Metres. Somebody who was refused a desk takes this one without getting up. */
const BESIDE_M = 3

export function refusedBy (error: unknown, parts: RefusedParts): Refused {
  const { words, label } = parts
  const said = (text: string): Refused => ({ text, alternatives: [], inTheWay: null })
  if (!(error instanceof PerchError)) return said(words.other)
  const { details } = error
  switch (error.code) {
    case 'SPACE_TAKEN':
      return taken((details['alternatives'] ?? []) as Alternative[], parts)
    case 'PERSON_BUSY': {
      const inTheWay = details as unknown as InTheWay
      return { ...said(words.busy(parts.labelOf(inTheWay.space), parts.time(inTheWay.from), parts.time(inTheWay.to))), inTheWay }
    }
    case 'SPACE_BLOCKED':
      return said(words.blocked(label))
    case 'OUTSIDE_POLICY':
      return said(words.rules[ruleOf(details['rule'], words)])
    case 'CLAIM_ENDED':
    case 'CLAIM_UNKNOWN':
    case 'CLAIM_ID_REUSED':
      return said(words.ended)
    case 'FORBIDDEN':
    case 'UNAUTHENTICATED':
      return said(words.notAllowed)
    case 'SPACE_UNKNOWN':
    case 'FLOOR_UNKNOWN':
      return said(words.unknownSpace)
    case 'RATE_LIMITED':
    case 'TOO_MANY':
      return said(words.tooMuch)
    case 'RECOVERING':
    case 'LEDGER_BEHIND':
    case 'UNAVAILABLE':
    case 'OUTDATED':
    case 'BUSY':
      return said(words.recovering)
    case 'NOT_CONNECTED':
    case 'CLOSED':
      return said(words.notConnected)
    case 'OUTCOME_UNKNOWN':
      return said(words.outcomeUnknown)
    default:
      return said(words.other)
  }
}

function taken (alternatives: readonly Alternative[], { words, label, seemedFree, floorName }: RefusedParts): Refused {
  const first = seemedFree ? words.justTaken(label) : words.takenThen(label)
  const [nearest] = alternatives
  if (nearest === undefined) return { text: `${first} ${words.noneFree}`, alternatives, inTheWay: null }
  const { distance } = nearest
  const offer = distance === null
    ? words.isFreeOn(nearest.label, floorName(nearest.floor))
    : distance <= BESIDE_M ? words.isFreeBeside(nearest.label) : words.isFree(nearest.label)
  return { text: `${first} ${offer}`, alternatives, inTheWay: null }
}

function ruleOf (rule: unknown, { rules }: MapWords): keyof MapWords['rules'] {
  return typeof rule === 'string' && Object.hasOwn(rules, rule) ? rule as keyof MapWords['rules'] : 'other'
}
