import { spoken } from '../words/language.ts'

interface HomeWords {
  intro: string
  map: string
  mapFor: string
  display: string
  displayFor: string
  kiosk: string
  kioskFor: string
  admin: string
  adminFor: string
  docs: string
  docsFor: string
  /** In the demo: what to do first, in order. A step leads to a page. */
  tryTitle: string
  tryIntro: string
  tryMap: string
  tryDisplay: string
  tryKiosk: string
  /** Elsewhere: below what people come for. */
  others: string
}

const en: HomeWords = {
  intro: 'Who sits where, what is free. Live.',
  map: 'Floor map',
  mapFor: 'Find a desk or a colleague, and claim.',
  display: 'Lobby display',
  displayFor: 'What is free, at a glance, from six metres.',
  kiosk: 'Kiosk',
  kioskFor: 'Check in at the entrance with a badge.',
  admin: 'Admin',
  adminFor: 'Screens, plans, labels, health.',
  docs: 'Reference',
  docsFor: 'Every call of the API.',
  tryTitle: 'Try it in five minutes',
  tryIntro: 'This is a demo office in St. Gallen and Lisbon. Nothing here reaches anybody: sign in as whomever you like.',
  tryMap: 'Open the map, sign in as somebody, and claim a desk.',
  tryDisplay: 'Open a lobby display in a second window. It shows a code: approve it under “Admin”, as the admin. From then on it follows what you do on the map.',
  tryKiosk: 'Connect a kiosk the same way, and check in there: by name, with the PIN that you set in the map’s menu, or with a badge.',
  others: 'For screens and for whoever looks after the office'
}

const de: HomeWords = {
  intro: 'Wer wo sitzt, was frei ist. Live.',
  map: 'Etagenplan',
  mapFor: 'Tisch oder Kollegin finden und reservieren.',
  display: 'Anzeige in der Lobby',
  displayFor: 'Was frei ist, auf einen Blick, aus sechs Metern.',
  kiosk: 'Kiosk',
  kioskFor: 'Am Eingang mit dem Ausweis einchecken.',
  admin: 'Verwaltung',
  adminFor: 'Bildschirme, Pläne, Etiketten, Zustand.',
  docs: 'Referenz',
  docsFor: 'Alle Aufrufe der Schnittstelle (englisch).',
  tryTitle: 'In fünf Minuten ausprobiert',
  tryIntro: 'Das ist ein Beispielbüro in St. Gallen und Lissabon. Nichts davon erreicht jemanden: Melden Sie sich an, als wer Sie möchten.',
  tryMap: 'Öffnen Sie den Plan, melden Sie sich an und reservieren Sie einen Tisch.',
  tryDisplay: 'Öffnen Sie in einem zweiten Fenster eine Anzeige. Sie zeigt einen Code: Geben Sie ihn unter „Verwaltung“ frei, als „The admin“. Von da an folgt sie dem, was Sie auf dem Plan tun.',
  tryKiosk: 'Verbinden Sie ebenso einen Kiosk und checken Sie dort ein: mit Name und der PIN, die Sie im Menü des Plans setzen, oder mit einem Ausweis.',
  others: 'Für Bildschirme und alle, die das Büro betreuen'
}

const fr: HomeWords = {
  intro: 'Qui est où, ce qui est libre. En direct.',
  map: 'Plan de l’étage',
  mapFor: 'Trouver un bureau ou un collègue, et réserver.',
  display: 'Écran d’accueil',
  displayFor: 'Ce qui est libre, d’un coup d’œil, à six mètres.',
  kiosk: 'Borne',
  kioskFor: 'Pointer à l’entrée avec son badge.',
  admin: 'Administration',
  adminFor: 'Écrans, plans, étiquettes, état.',
  docs: 'Référence',
  docsFor: 'Tous les appels de l’interface (en anglais).',
  tryTitle: 'À essayer en cinq minutes',
  tryIntro: 'Ce sont des bureaux de démonstration à Saint-Gall et à Lisbonne. Rien n’atteint qui que ce soit : connectez-vous au nom de qui vous voulez.',
  tryMap: 'Ouvrez le plan, connectez-vous et réservez un bureau.',
  tryDisplay: 'Ouvrez un écran d’accueil dans une seconde fenêtre. Il affiche un code : autorisez-le sous « Administration », en tant que « The admin ». Il suit alors ce que vous faites sur le plan.',
  tryKiosk: 'Connectez une borne de la même façon et pointez là : avec votre nom et le code que vous définissez dans le menu du plan, ou un badge.',
  others: 'Pour les écrans et les personnes qui gèrent les bureaux'
}

export const homeWords = (): HomeWords => spoken({ en, de, fr })
