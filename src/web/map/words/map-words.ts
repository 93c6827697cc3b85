import type { SpaceKind } from '../../../domain/space.ts'

/** What the floor map says. Times and days come in as text, on the site's clock. */
export interface MapWords {
  kinds: Record<SpaceKind, string>
  /** Several of them, on a filter. */
  kindsMany: Record<SpaceKind, string>
  /** Of those that are known; others are said as they are written. */
  features: Readonly<Record<string, string>>

  // Where one looks
  floors: string
  chooseFloor: string
  freeCount: (count: number) => string
  /** Below the number of those that are free. */
  freeOf: (all: number) => string
  search: string
  searchHint: string
  searchNobody: (text: string) => string
  searchMore: string
  personAt: (place: string) => string
  personNowhere: string
  filters: string
  matches: (count: number, all: number) => string
  showAll: string
  zones: string

  // The plan
  planLabel: (floor: string) => string
  planHelp: string
  zoomIn: string
  zoomOut: string
  wholeFloor: string
  asList: string
  listTitle: (floor: string) => string
  noZone: string
  close: string
  legend: string

  // A space
  freeNow: string
  freeUntil: (time: string) => string
  freeBrieflyUntil: (time: string) => string
  reservedUntil: (time: string) => string
  reservedNow: string
  occupiedUntil: (time: string) => string
  occupiedNow: string
  occupiedByReading: string
  blockedUntil: (time: string) => string
  blockedNow: string
  unknownNow: string
  nextAt: (time: string) => string
  yours: string
  confirming: string
  waiting: string
  sensorOnly: string

  // Choosing a time
  when: string
  today: string
  tomorrow: string
  dayBefore: string
  dayAfter: string
  begins: string
  ends: string
  now: string
  taken: string
  perhaps: string
  otherDay: string
  closedThatDay: string
  nothingLeft: string
  wholeDay: string
  anotherTime: string
  claimUntil: (time: string) => string
  claimFromTo: (from: string, to: string) => string
  asking: string

  // What became of it
  claimedUntil: (place: string, time: string) => string
  claimedLater: (place: string, when: string, to: string) => string
  checkedIn: (place: string) => string
  released: (place: string) => string
  changedUntil: (place: string, time: string) => string
  movedTo: (place: string) => string
  lost: (place: string) => string
  lostSomething: string
  claimAgain: string
  dismiss: string

  // Refusals
  justTaken: (place: string) => string
  takenThen: (place: string) => string
  isFree: (place: string) => string
  isFreeBeside: (place: string) => string
  isFreeOn: (place: string, floor: string) => string
  noneFree: string
  takeInstead: (place: string) => string
  busy: (place: string, from: string, to: string) => string
  moveHere: (place: string) => string
  releaseOther: (place: string) => string
  blocked: (place: string) => string
  rules: Readonly<Record<'past' | 'horizon' | 'longest-stay' | 'opening-hours' | 'check-in-window' | 'eligible' | 'sensor-only' | 'claims-per-day' | 'days-per-space' | 'site' | 'other', string>>
  ended: string
  notAllowed: string
  unknownSpace: string
  tooMuch: string
  recovering: string
  notConnected: string
  outcomeUnknown: string
  other: string

  // One's own
  mine: string
  mineNone: string
  fromTo: (from: string, to: string) => string
  checkIn: string
  checkInFrom: (time: string) => string
  checkInBy: (time: string) => string
  here: string
  release: string
  until: string
  change: string
  showOnMap: string

  // The menu
  menu: string
  signedInAs: (name: string) => string
  myName: string
  nameEveryone: string
  nameHidden: string
  nameSaved: string
  pin: string
  pinRule: string
  pinSave: string
  pinSaved: string
  whoLooked: string
  nobodyLooked: string
  lookedAt: (who: string, when: string) => string
  somebody: string
  language: string
  signOut: string

  // What went wrong
  floorUnknown: (id: string) => string
  spaceUnknown: (id: string) => string
  noFloors: string
  expired: string
  notReached: string
  closedForGood: string
  staleWaits: string
}

/** A feature in words; those that nobody translated are said as they are written. */
export function featureText (words: MapWords, feature: string): string {
  return words.features[feature] ?? feature.replaceAll(/[-_]/g, ' ')
}
