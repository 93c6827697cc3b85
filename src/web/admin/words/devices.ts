import type { DeviceBody } from '../../../protocol/devices.ts'
import { spoken } from '../../words/language.ts'

interface DeviceWords {
  title: string
  pairTitle: string
  screenShows: string
  makeCode: string
  makeCodeHow: string
  code: string
  name: string
  nameExample: string
  role: string
  roles: Record<DeviceBody['role'], string>
  site: string
  floor: string
  noFloor: string
  pointHow: string
  /** Beside the mark on the plan. */
  here: string
  metresRight: string
  metresUp: string
  approve: string
  refuse: string
  approved: (name: string) => string
  refused: string
  made: (name: string) => string
  listTitle: string
  none: string
  noneHow: string
  online: string
  /** `when` like 09:03, or with its day. */
  silentSince: (when: string) => string
  neverSeen: string
  healths: Record<'degraded' | 'failing', string>
  version: (version: string) => string
  change: string
  save: string
  cancel: string
  cutOff: string
  cutOffAsk: (name: string) => string
  cutOffWhat: string
}

const en: DeviceWords = {
  title: 'Screens, kiosks and sensors',
  pairTitle: 'Connect another',
  screenShows: 'The screen shows a code',
  makeCode: 'Make a code',
  makeCodeHow: 'For a device that asks for a code. It works once, within ten minutes.',
  code: 'Code on the screen',
  name: 'Name',
  nameExample: 'Lobby, by the lifts',
  role: 'What it is',
  roles: { display: 'Lobby display', kiosk: 'Kiosk', sensor: 'Sensor gateway' },
  site: 'Site',
  floor: 'Floor',
  noFloor: 'No floor',
  pointHow: 'Touch the place on the plan where it stands, so that it can say “you are here”.',
  here: 'Here',
  metresRight: 'Metres from the left',
  metresUp: 'Metres from below',
  approve: 'Approve',
  refuse: 'Refuse',
  approved: name => `${name} is approved. It connects within a few seconds.`,
  refused: 'That screen was refused. It shows another code.',
  made: name => `Type this code into ${name}:`,
  listTitle: 'Connected',
  none: 'Nothing is connected yet.',
  noneHow: 'Open /display/ or /kiosk/ on a screen, and enter here the code that it shows.',
  online: 'Online',
  silentSince: when => `Silent since ${when}`,
  neverSeen: 'Never seen yet',
  healths: { degraded: 'Online, but something on it does not work as it should', failing: 'Online, but it does not work' },
  version: version => `version ${version}`,
  change: 'Change',
  save: 'Save',
  cancel: 'Cancel',
  cutOff: 'Cut off',
  cutOffAsk: name => `Cut off ${name}?`,
  cutOffWhat: 'Within a second it shows nothing any more. To use it again it has to be connected anew.'
}

const de: DeviceWords = {
  title: 'Bildschirme, Kioske und Sensoren',
  pairTitle: 'Weiteres Gerät verbinden',
  screenShows: 'Der Bildschirm zeigt einen Code',
  makeCode: 'Code erstellen',
  makeCodeHow: 'Für ein Gerät, das nach einem Code fragt. Er gilt einmal, zehn Minuten lang.',
  code: 'Code auf dem Bildschirm',
  name: 'Name',
  nameExample: 'Lobby, bei den Aufzügen',
  role: 'Was es ist',
  roles: { display: 'Anzeige in der Lobby', kiosk: 'Kiosk', sensor: 'Sensor-Gateway' },
  site: 'Standort',
  floor: 'Etage',
  noFloor: 'Keine Etage',
  pointHow: 'Tippen Sie auf dem Plan auf die Stelle, an der es steht: Dann kann es „Sie sind hier“ zeigen.',
  here: 'Hier',
  metresRight: 'Meter von links',
  metresUp: 'Meter von unten',
  approve: 'Freigeben',
  refuse: 'Ablehnen',
  approved: name => `${name} ist freigegeben und verbindet sich in wenigen Sekunden.`,
  refused: 'Der Bildschirm wurde abgelehnt. Er zeigt einen neuen Code.',
  made: name => `Geben Sie diesen Code in ${name} ein:`,
  listTitle: 'Verbunden',
  none: 'Noch ist nichts verbunden.',
  noneHow: 'Öffnen Sie auf einem Bildschirm /display/ oder /kiosk/ und geben Sie hier den Code ein, den er zeigt.',
  online: 'Online',
  silentSince: when => `Meldet sich nicht seit ${when}`,
  neverSeen: 'Hat sich noch nie gemeldet',
  healths: { degraded: 'Online, aber etwas daran funktioniert nicht, wie es sollte', failing: 'Online, aber es funktioniert nicht' },
  version: version => `Version ${version}`,
  change: 'Ändern',
  save: 'Speichern',
  cancel: 'Abbrechen',
  cutOff: 'Trennen',
  cutOffAsk: name => `${name} trennen?`,
  cutOffWhat: 'Innerhalb einer Sekunde zeigt das Gerät nichts mehr. Um es wieder zu nutzen, muss es neu verbunden werden.'
}

const fr: DeviceWords = {
  title: 'Écrans, bornes et capteurs',
  pairTitle: 'Connecter un autre appareil',
  screenShows: 'L’écran affiche un code',
  makeCode: 'Créer un code',
  makeCodeHow: 'Pour un appareil qui demande un code. Il vaut une fois, pendant dix minutes.',
  code: 'Code affiché à l’écran',
  name: 'Nom',
  nameExample: 'Hall, près des ascenseurs',
  role: 'Ce que c’est',
  roles: { display: 'Écran d’accueil', kiosk: 'Borne', sensor: 'Passerelle de capteurs' },
  site: 'Site',
  floor: 'Étage',
  noFloor: 'Aucun étage',
  pointHow: 'Touchez sur le plan l’endroit où il se trouve, pour qu’il puisse indiquer « Vous êtes ici ».',
  here: 'Ici',
  metresRight: 'Mètres depuis la gauche',
  metresUp: 'Mètres depuis le bas',
  approve: 'Autoriser',
  refuse: 'Refuser',
  approved: name => `${name} est autorisé et se connecte dans quelques secondes.`,
  refused: 'L’écran a été refusé. Il affiche un nouveau code.',
  made: name => `Saisissez ce code sur ${name} :`,
  listTitle: 'Connectés',
  none: 'Rien n’est encore connecté.',
  noneHow: 'Ouvrez /display/ ou /kiosk/ sur un écran et saisissez ici le code qu’il affiche.',
  online: 'En ligne',
  silentSince: when => `Silencieux depuis ${when}`,
  neverSeen: 'Ne s’est encore jamais manifesté',
  healths: { degraded: 'En ligne, mais quelque chose n’y fonctionne pas comme il faut', failing: 'En ligne, mais ne fonctionne pas' },
  version: version => `version ${version}`,
  change: 'Modifier',
  save: 'Enregistrer',
  cancel: 'Annuler',
  cutOff: 'Déconnecter',
  cutOffAsk: name => `Déconnecter ${name} ?`,
  cutOffWhat: 'En une seconde, il n’affiche plus rien. Pour le réutiliser, il faudra le connecter à nouveau.'
}

export const deviceWords = (): DeviceWords => spoken({ en, de, fr })
