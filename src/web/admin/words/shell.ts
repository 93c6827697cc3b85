import { spoken } from '../../words/language.ts'
import type { SectionName } from '../route.ts'

interface ShellWords {
  title: string
  sections: Record<SectionName, string>
  /** Names the navigation. */
  nav: string
  notForYou: string
  notForYouHow: string
  floor: string
  noFloors: string
  noFloorsHow: string
  chooseFloor: string
  /** Like "Floor 3, Studio", with its site where there are several. */
  floorAt: (floor: string, site: string) => string
  cancel: string
  home: string
}

const en: ShellWords = {
  title: 'Admin',
  sections: { devices: 'Screens', plans: 'Plans', spaces: 'Spaces', labels: 'Labels', health: 'Health' },
  nav: 'Sections',
  notForYou: 'This page is for those who look after the office.',
  notForYouHow: 'You are signed in, but as somebody who uses it. On the map you find your desk.',
  floor: 'Floor',
  noFloors: 'There is no floor here yet.',
  noFloorsHow: 'Import a plan under “Plans”, and it appears here.',
  chooseFloor: 'Choose a floor',
  floorAt: (floor, site) => `${site} · ${floor}`,
  cancel: 'Cancel',
  home: 'Start page'
}

const de: ShellWords = {
  title: 'Verwaltung',
  sections: { devices: 'Bildschirme', plans: 'Pläne', spaces: 'Plätze', labels: 'Etiketten', health: 'Zustand' },
  nav: 'Bereiche',
  notForYou: 'Diese Seite ist für alle, die das Büro betreuen.',
  notForYouHow: 'Sie sind angemeldet, aber als jemand, der es nutzt. Auf dem Plan finden Sie Ihren Tisch.',
  floor: 'Etage',
  noFloors: 'Hier gibt es noch keine Etage.',
  noFloorsHow: 'Importieren Sie unter „Pläne“ einen Plan, dann erscheint sie hier.',
  chooseFloor: 'Etage wählen',
  floorAt: (floor, site) => `${site} · ${floor}`,
  cancel: 'Abbrechen',
  home: 'Startseite'
}

const fr: ShellWords = {
  title: 'Administration',
  sections: { devices: 'Écrans', plans: 'Plans', spaces: 'Espaces', labels: 'Étiquettes', health: 'État' },
  nav: 'Rubriques',
  notForYou: 'Cette page s’adresse aux personnes qui gèrent les bureaux.',
  notForYouHow: 'Vous êtes connecté, mais comme utilisateur. Vous trouverez votre bureau sur le plan.',
  floor: 'Étage',
  noFloors: 'Il n’y a pas encore d’étage ici.',
  noFloorsHow: 'Importez un plan sous « Plans » et il apparaîtra ici.',
  chooseFloor: 'Choisir un étage',
  floorAt: (floor, site) => `${site} · ${floor}`,
  cancel: 'Annuler',
  home: 'Page d’accueil'
}

export const shellWords = (): ShellWords => spoken({ en, de, fr })
