import { spoken } from '../words/language.ts'
import { de } from './words-de.ts'
import { en } from './words-en.ts'
import { fr } from './words-fr.ts'
import type { PartOfDay } from './part-of-day.ts'

/** What the kiosk says. Times are like 09:03, labels like 3-N-14. */
export interface KioskWords {
  wrongRole: (name: string) => string
  /** `name` null: to nobody yet. */
  greeting: (part: PartOfDay, name: string | null) => string
  badgeIn: string
  howTo: string
  giveDesk: string
  nearestIs: (label: string) => string
  nearestWas: (label: string, time: string) => string
  noneFree: string
  byName: string
  withPin: string
  needsConnection: string
  leaving: string
  releaseMine: string
  showBadge: { desk: string, leave: string, how: string }
  ratherByName: string
  back: string
  done: string
  language: string
  moment: string
  name: { title: string, hint: string, none: string, field: string, found: (count: number) => string }
  keys: { space: string, erase: string, eraseAll: string, letters: string, figures: string }
  pin: { title: (name: string) => string, hint: string, entered: (count: number) => string, enter: string }
  today: string
  nothingBooked: string
  alsoFree: string
  choose: string
  until: (time: string) => string
  span: (from: string, to: string) => string
  opensAt: (time: string) => string
  checkIn: string
  release: string
  checkedIn: string
  place: (zone: string | null, floor: string) => string
  away: (metres: number) => string
  outcome: { checkedIn: (name: string) => string, released: (name: string) => string, freeAgain: (label: string) => string, allFree: string, confirming: string, onPlan: string }
  cutOff: { title: string, text: string, arrive: string, leave: string, desk: (label: string) => string, asOf: (time: string) => string }
  noted: { title: (time: string) => string, arrive: string, leave: string, release: string, desk: (label: string) => string, yourApp: string }
  waiting: (count: number) => string
  notDone: (count: number) => string
  stillThere: string
  moreTime: string
  phone: string
  phoneCode: string
  sorry: string
  problems: {
    badgeUnknown: string
    pinWrong: string
    pinLocked: string
    tooMany: string
    needsConnection: string
    nothingToRelease: string
    noDesk: string
    taken: (label: string | null) => string
    blocked: (label: string | null) => string
    busy: string
    ended: string
    tooEarly: (time: string | null) => string
    notForYou: string
    closed: string
    outside: string
    full: string
    cannot: string
  }
}

export const kioskWords = (): KioskWords => spoken({ en, de, fr })
