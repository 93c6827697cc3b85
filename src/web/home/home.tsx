import { spoken } from '../words/language.ts'

interface HomeWords {
  title: string
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
}

const en: HomeWords = {
  title: 'Perch',
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
  docsFor: 'Every call of the API.'
}

const de: HomeWords = {
  title: 'Perch',
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
  docsFor: 'Alle Aufrufe der Schnittstelle (englisch).'
}

const fr: HomeWords = {
  title: 'Perch',
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
  docsFor: 'Tous les appels de l’interface (en anglais).'
}

/** Where to go from the address that the server prints. */
export function Home () {
  const words = spoken({ en, de, fr })
  const ways = [
    { to: '/map/', name: words.map, what: words.mapFor },
    { to: '/display/', name: words.display, what: words.displayFor },
    { to: '/kiosk/', name: words.kiosk, what: words.kioskFor },
    { to: '/admin/', name: words.admin, what: words.adminFor },
    { to: '/docs', name: words.docs, what: words.docsFor }
  ]
  return (
    <main class='home'>
      <h1>{words.title}</h1>
      <p class='intro'>{words.intro}</p>
      <ul class='ways'>{ways.map(({ to, name, what }) => <li key={to}><a href={to}><strong>{name}</strong><span>{what}</span></a></li>)}</ul>
    </main>
  )
}
