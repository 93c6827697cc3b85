import { spoken, type Language } from '../words/language.ts'
import type { Sort } from './occupancy.ts'

interface DisplayWords {
  /** After a big number, like "desks free now". */
  freeNow: Record<Exclude<Sort, 'desk'>, (count: number) => string>
  /** Like "Meeting rooms". */
  sorts: Record<Sort, string>
  /** Like "3 of 5 free". */
  ofFree: (free: number, total: number) => string
  allFloors: string
  zones: string
  moreZones: (count: number) => string
  /** All are taken here, and there is something elsewhere. */
  elsewhere: (free: number, level: number, name: string) => string
  allTaken: string
  goesOn: string
  unreachable: string
  noPlan: string
  floorGone: string
  mayNot: string
  noFloors: string
  notOne: (what: string) => string
  wrongRole: (name: string) => string
  toKiosk: string
}

function forms (of: Language, one: string, more: string): (count: number) => string {
  const rules = new Intl.PluralRules(of)
  return count => rules.select(count) === 'one' ? one : more
}

const en: DisplayWords = {
  freeNow: {
    room: forms('en', 'room free now', 'rooms free now'),
    booth: forms('en', 'booth free now', 'booths free now'),
    parking: forms('en', 'parking space free now', 'parking spaces free now'),
    locker: forms('en', 'locker free now', 'lockers free now'),
    seat: forms('en', 'seat free now', 'seats free now')
  },
  sorts: { desk: 'Desks', room: 'Rooms', booth: 'Booths', parking: 'Parking', locker: 'Lockers', seat: 'Lounge seats' },
  ofFree: (free, total) => `${free} of ${total} free`,
  allFloors: 'Free desks by floor',
  zones: 'Free by zone',
  moreZones: count => `${count} more zones`,
  elsewhere: (free, level, name) => `${free} free on floor ${level}, ${name}`,
  allTaken: 'All are taken at the moment.',
  goesOn: 'It goes on by itself.',
  unreachable: 'No connection at the moment. This screen keeps trying by itself.',
  noPlan: 'The plan of this floor cannot be loaded at the moment. It will appear by itself.',
  floorGone: 'This floor has been taken off the plan. Whoever looks after the office can say where this screen stands now.',
  mayNot: 'This screen may not show this floor. Whoever looks after the office can change that.',
  noFloors: 'No floor has been set up here yet. It will appear by itself.',
  notOne: what => `None of the floors in this screen’s address is here: ${what}.`,
  wrongRole: name => `“${name}” was connected for something else, not as a display.`,
  toKiosk: 'Open the kiosk'
}

const de: DisplayWords = {
  freeNow: {
    room: forms('de', 'Raum jetzt frei', 'Räume jetzt frei'),
    booth: forms('de', 'Kabine jetzt frei', 'Kabinen jetzt frei'),
    parking: forms('de', 'Parkplatz jetzt frei', 'Parkplätze jetzt frei'),
    locker: forms('de', 'Schließfach jetzt frei', 'Schließfächer jetzt frei'),
    seat: forms('de', 'Sitzplatz jetzt frei', 'Sitzplätze jetzt frei')
  },
  sorts: { desk: 'Tische', room: 'Räume', booth: 'Kabinen', parking: 'Parkplätze', locker: 'Schließfächer', seat: 'Lounge-Plätze' },
  ofFree: (free, total) => `${free} von ${total} frei`,
  allFloors: 'Freie Tische je Etage',
  zones: 'Frei je Zone',
  moreZones: count => `${count} weitere Zonen`,
  elsewhere: (free, level, name) => `${free} frei auf Etage ${level}, ${name}`,
  allTaken: 'Zurzeit ist alles belegt.',
  goesOn: 'Es geht von selbst weiter.',
  unreachable: 'Zurzeit keine Verbindung. Dieser Bildschirm versucht es von selbst weiter.',
  noPlan: 'Der Plan dieser Etage lässt sich zurzeit nicht laden. Er erscheint von selbst.',
  floorGone: 'Diese Etage gibt es auf dem Plan nicht mehr. Wer das Büro betreut, kann festlegen, wo dieser Bildschirm jetzt steht.',
  mayNot: 'Dieser Bildschirm darf diese Etage nicht zeigen. Wer das Büro betreut, kann das ändern.',
  noFloors: 'Hier ist noch keine Etage eingerichtet. Sie erscheint von selbst.',
  notOne: what => `Keine der Etagen in der Adresse dieses Bildschirms gibt es hier: ${what}.`,
  wrongRole: name => `„${name}“ wurde nicht als Anzeige verbunden.`,
  toKiosk: 'Kiosk öffnen'
}

const fr: DisplayWords = {
  freeNow: {
    room: forms('fr', 'salle libre', 'salles libres'),
    booth: forms('fr', 'cabine libre', 'cabines libres'),
    parking: forms('fr', 'place de parking libre', 'places de parking libres'),
    locker: forms('fr', 'casier libre', 'casiers libres'),
    seat: forms('fr', 'place assise libre', 'places assises libres')
  },
  sorts: { desk: 'Bureaux', room: 'Salles', booth: 'Cabines', parking: 'Parking', locker: 'Casiers', seat: 'Places au salon' },
  ofFree: (free, total) => `${free} sur ${total} ${total > 1 ? 'libres' : 'libre'}`,
  allFloors: 'Bureaux libres par étage',
  zones: 'Libres par zone',
  moreZones: count => `${count} autres zones`,
  elsewhere: (free, level, name) => `${free} ${free > 1 ? 'libres' : 'libre'} à l’étage ${level}, ${name}`,
  allTaken: 'Tout est pris pour le moment.',
  goesOn: 'Cela reprendra tout seul.',
  unreachable: 'Pas de connexion pour le moment. Cet écran réessaie tout seul.',
  noPlan: 'Le plan de cet étage ne peut pas être chargé pour le moment. Il apparaîtra tout seul.',
  floorGone: 'Cet étage ne figure plus sur le plan. La personne qui gère ces bureaux peut indiquer où se trouve maintenant cet écran.',
  mayNot: 'Cet écran ne peut pas montrer cet étage. La personne qui gère ces bureaux peut le changer.',
  noFloors: 'Aucun étage n’est encore configuré ici. Il apparaîtra tout seul.',
  notOne: what => `Aucun des étages indiqués dans l’adresse de cet écran n’existe ici : ${what}.`,
  wrongRole: name => `« ${name} » n’a pas été connecté comme écran d’accueil.`,
  toKiosk: 'Ouvrir la borne'
}

export const displayWords = (): DisplayWords => spoken({ en, de, fr })
