import type { Status } from '../../domain/status.ts'
import { language, spoken, type Language } from './language.ts'
import { levelText } from './level.ts'

/** What every page says. A phrase with a number or name in it is a function: each language puts it where it belongs, and the compiler knows whether one is missing. */
export interface CommonWords {
  status: Record<Status, string>
  live: string
  catchingUp: string
  /** `time` like 09:03. */
  staleSince: (time: string) => string
  offline: string
  youAreHere: string
  /** Like "Floor 3, Studio". */
  floorTitle: (level: number, name: string) => string
  desksFree: (count: number) => string
  freeBriefly: (count: number) => string
  tryAgain: string
  loading: string
}

/** 1 takes the first form; in French 0 does as well. */
function one (of: Language, count: number): boolean {
  return new Intl.PluralRules(of).select(count) === 'one'
}

const en: CommonWords = {
  status: { free: 'Free', reserved: 'Reserved', occupied: 'Occupied', blocked: 'Out of service', unknown: 'Unknown' },
  live: 'Live',
  catchingUp: 'One moment …',
  staleSince: time => `Not updated since ${time}`,
  offline: 'No connection',
  youAreHere: 'You are here',
  floorTitle: (level, name) => `Floor ${levelText(level)}, ${name}`,
  desksFree: count => one('en', count) ? 'desk free now' : 'desks free now',
  freeBriefly: count => `${count} more for a short while`,
  tryAgain: 'Try again',
  loading: 'Loading …'
}

const de: CommonWords = {
  status: { free: 'Frei', reserved: 'Reserviert', occupied: 'Belegt', blocked: 'Außer Betrieb', unknown: 'Unbekannt' },
  live: 'Live',
  catchingUp: 'Einen Moment …',
  staleSince: time => `Nicht aktualisiert seit ${time}`,
  offline: 'Keine Verbindung',
  youAreHere: 'Sie sind hier',
  floorTitle: (level, name) => `Etage ${levelText(level)}, ${name}`,
  desksFree: count => one('de', count) ? 'Tisch jetzt frei' : 'Tische jetzt frei',
  freeBriefly: count => `${count} weitere für kurze Zeit`,
  tryAgain: 'Nochmals versuchen',
  loading: 'Wird geladen …'
}

const fr: CommonWords = {
  status: { free: 'Libre', reserved: 'Réservé', occupied: 'Occupé', blocked: 'Hors service', unknown: 'Inconnu' },
  live: 'En direct',
  catchingUp: 'Un instant …',
  staleSince: time => `Pas à jour depuis ${time}`,
  offline: 'Pas de connexion',
  youAreHere: 'Vous êtes ici',
  floorTitle: (level, name) => `Étage ${levelText(level)}, ${name}`,
  desksFree: count => one('fr', count) ? 'bureau libre' : 'bureaux libres',
  freeBriefly: count => `${count} de plus pour un court moment`,
  tryAgain: 'Réessayer',
  loading: 'Chargement …'
}

const catalogues = { en, de, fr }

export const commonWords = (): CommonWords => spoken(catalogues)

/** Like 1,240 or 1’240. */
export function numberText (count: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(language.value, options).format(count)
}
