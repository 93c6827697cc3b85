import type { SpaceKind } from '../../../domain/space.ts'
import { spoken } from '../../words/language.ts'

interface SpaceWords {
  title: string
  lead: string
  search: string
  onlyBlocked: string
  none: string
  choose: string
  kinds: Record<SpaceKind, string>
  /** `when` like Tuesday, 3 March, 09:00. */
  blockedUntil: (when: string) => string
  blockedOpen: string
  until: string
  untilHow: (site: string) => string
  reason: string
  reasonExample: string
  block: string
  changeBlock: string
  lift: string
  claimsStay: string
  untilPast: string
  blocked: (label: string) => string
  lifted: (label: string) => string
}

const en: SpaceWords = {
  title: 'Spaces',
  lead: 'Put a desk or room out of service, and back.',
  search: 'Search by label',
  onlyBlocked: 'Only what is out of service',
  none: 'Nothing here is called so.',
  choose: 'Choose a space on the plan or in the list.',
  kinds: { desk: 'Desk', room: 'Room', booth: 'Booth', parking: 'Parking spot', locker: 'Locker' },
  blockedUntil: when => `Out of service until ${when}`,
  blockedOpen: 'Out of service until somebody puts it back',
  until: 'Until (may be left empty)',
  untilHow: site => `On the clock of ${site}.`,
  reason: 'Why (may be left empty)',
  reasonExample: 'The monitor is broken',
  block: 'Put out of service',
  changeBlock: 'Change',
  lift: 'Put back in service',
  claimsStay: 'Claims stay with whoever holds them, and nobody counts as absent meanwhile.',
  untilPast: 'That moment has passed already.',
  blocked: label => `${label} is out of service now.`,
  lifted: label => `${label} is back in service.`
}

const de: SpaceWords = {
  title: 'Plätze',
  lead: 'Nehmen Sie einen Tisch oder Raum außer Betrieb und wieder in Betrieb.',
  search: 'Nach Beschriftung suchen',
  onlyBlocked: 'Nur außer Betrieb',
  none: 'Hier heißt nichts so.',
  choose: 'Wählen Sie einen Platz auf dem Plan oder in der Liste.',
  kinds: { desk: 'Tisch', room: 'Raum', booth: 'Kabine', parking: 'Parkplatz', locker: 'Schließfach' },
  blockedUntil: when => `Außer Betrieb bis ${when}`,
  blockedOpen: 'Außer Betrieb, bis jemand es aufhebt',
  until: 'Bis (kann leer bleiben)',
  untilHow: site => `Nach der Uhr von ${site}.`,
  reason: 'Warum (kann leer bleiben)',
  reasonExample: 'Der Monitor ist defekt',
  block: 'Außer Betrieb nehmen',
  changeBlock: 'Ändern',
  lift: 'Wieder in Betrieb nehmen',
  claimsStay: 'Reservierungen bleiben bei denen, die sie haben, und niemand gilt inzwischen als abwesend.',
  untilPast: 'Dieser Zeitpunkt ist schon vorbei.',
  blocked: label => `${label} ist jetzt außer Betrieb.`,
  lifted: label => `${label} ist wieder in Betrieb.`
}

const fr: SpaceWords = {
  title: 'Espaces',
  lead: 'Mettez un bureau ou une salle hors service, puis de nouveau en service.',
  search: 'Chercher par étiquette',
  onlyBlocked: 'Hors service uniquement',
  none: 'Rien ici ne porte ce nom.',
  choose: 'Choisissez un espace sur le plan ou dans la liste.',
  kinds: { desk: 'Bureau', room: 'Salle', booth: 'Cabine', parking: 'Place de parking', locker: 'Casier' },
  blockedUntil: when => `Hors service jusqu’à ${when}`,
  blockedOpen: 'Hors service jusqu’à nouvel ordre',
  until: 'Jusqu’à (facultatif)',
  untilHow: site => `À l’heure de ${site}.`,
  reason: 'Pourquoi (facultatif)',
  reasonExample: 'L’écran est en panne',
  block: 'Mettre hors service',
  changeBlock: 'Modifier',
  lift: 'Remettre en service',
  claimsStay: 'Les réservations restent à leurs titulaires, et personne n’est compté absent entre-temps.',
  untilPast: 'Ce moment est déjà passé.',
  blocked: label => `${label} est maintenant hors service.`,
  lifted: label => `${label} est de nouveau en service.`
}

export const spaceWords = (): SpaceWords => spoken({ en, de, fr })
