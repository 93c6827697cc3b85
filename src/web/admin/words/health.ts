import { numberText } from '../../words/common.ts'
import { spoken } from '../../words/language.ts'

/** As /readyz names them. */
export type Check = 'serving' | 'store' | 'live' | 'release' | 'ledger'

interface HealthWords {
  title: string
  good: string
  troubled: string
  unreachable: string
  checks: string
  check: Record<Check, { name: string, good: string, bad: string }>
  floors: string
  noFloors: string
  floorRefused: string
  devices: string
  devicesGood: (count: number) => string
  devicesNone: string
  silent: (count: number) => string
  unwell: (count: number) => string
  look: string
  node: string
  nodeHow: string
  sessions: (count: number) => string
  watchers: (count: number) => string
  alarms: Record<'lost' | 'quarantined' | 'clock' | 'breaks', (count: number) => string>
  noAlarms: string
}

const some = (count: number, one: string, many: string): string => `${numberText(count)} ${count === 1 ? one : many}`

const en: HealthWords = {
  title: 'Health',
  good: 'Everything works.',
  troubled: 'Something needs a look.',
  unreachable: 'The server does not answer. This page goes on asking.',
  checks: 'The server',
  check: {
    serving: { name: 'Takes requests', good: 'Yes', bad: 'This server is just ending; another one takes over' },
    store: { name: 'Live state', good: 'Answers', bad: 'Does not answer: nobody can claim until it does' },
    live: { name: 'Claims', good: 'Are granted', bad: 'The live state is being recovered; claims are refused meanwhile' },
    ledger: { name: 'Database', good: 'Answers', bad: 'Does not answer: claims go on and are stored later' },
    release: { name: 'Version', good: 'As new as the others', bad: 'Another server is newer: update this one' }
  },
  floors: 'Floors',
  noFloors: 'There is no floor yet.',
  floorRefused: 'Cannot be watched',
  devices: 'Screens and kiosks',
  devicesGood: count => count === 1 ? 'The one that is connected is online.' : `All ${numberText(count)} are online.`,
  devicesNone: 'Nothing is connected yet.',
  silent: count => `${some(count, 'is', 'are')} silent`,
  unwell: count => `${some(count, 'says', 'say')} that something is wrong`,
  look: 'Look at them',
  node: 'Since this server started',
  nodeHow: 'Of the server that answered; others have figures of their own. All of them are at /metrics.',
  sessions: count => `${some(count, 'connection is', 'connections are')} open`,
  watchers: count => `${some(count, 'floor is', 'floors are')} being watched over them`,
  alarms: {
    lost: count => `${some(count, 'claim', 'claims')} that was not stored yet was lost by a fault`,
    quarantined: count => `${some(count, 'claim was', 'claims were')} refused by the database: tell whoever runs the server`,
    clock: count => `A clock jumped ${some(count, 'time', 'times')}: tell whoever runs the server`,
    breaks: count => `${some(count, 'time', 'times')} nobody could check in for more than six seconds; everyone had their time again`
  },
  noAlarms: 'No claim was lost, and nothing out of the ordinary happened.'
}

const de: HealthWords = {
  title: 'Zustand',
  good: 'Alles läuft.',
  troubled: 'Etwas braucht einen Blick.',
  unreachable: 'Der Server antwortet nicht. Diese Seite fragt weiter nach.',
  checks: 'Der Server',
  check: {
    serving: { name: 'Nimmt Anfragen an', good: 'Ja', bad: 'Dieser Server endet gerade; ein anderer übernimmt' },
    store: { name: 'Live-Zustand', good: 'Antwortet', bad: 'Antwortet nicht: So lange kann niemand reservieren' },
    live: { name: 'Reservierungen', good: 'Werden angenommen', bad: 'Der Live-Zustand wird wiederhergestellt; Reservierungen werden so lange abgelehnt' },
    ledger: { name: 'Datenbank', good: 'Antwortet', bad: 'Antwortet nicht: Reservierungen gehen weiter und werden später gespeichert' },
    release: { name: 'Version', good: 'So neu wie die anderen', bad: 'Ein anderer Server ist neuer: Aktualisieren Sie diesen' }
  },
  floors: 'Etagen',
  noFloors: 'Es gibt noch keine Etage.',
  floorRefused: 'Kann nicht beobachtet werden',
  devices: 'Bildschirme und Kioske',
  devicesGood: count => count === 1 ? 'Das eine verbundene Gerät ist online.' : `Alle ${numberText(count)} sind online.`,
  devicesNone: 'Noch ist nichts verbunden.',
  silent: count => count === 1 ? '1 meldet sich nicht' : `${numberText(count)} melden sich nicht`,
  unwell: count => count === 1 ? '1 meldet, dass etwas nicht stimmt' : `${numberText(count)} melden, dass etwas nicht stimmt`,
  look: 'Ansehen',
  node: 'Seit dem Start dieses Servers',
  nodeHow: 'Von dem Server, der geantwortet hat; andere haben eigene Zahlen. Alle stehen unter /metrics.',
  sessions: count => `${some(count, 'Verbindung ist', 'Verbindungen sind')} offen`,
  watchers: count => `${some(count, 'Etage wird', 'Etagen werden')} darüber beobachtet`,
  alarms: {
    lost: count => `${some(count, 'noch nicht gespeicherte Reservierung ging', 'noch nicht gespeicherte Reservierungen gingen')} durch eine Störung verloren`,
    quarantined: count => `${some(count, 'Reservierung wurde', 'Reservierungen wurden')} von der Datenbank abgelehnt: Sagen Sie es denen, die den Server betreiben`,
    clock: count => `Eine Uhr sprang ${some(count, 'Mal', 'Mal')}: Sagen Sie es denen, die den Server betreiben`,
    breaks: count => `${some(count, 'Mal', 'Mal')} konnte mehr als sechs Sekunden lang niemand einchecken; alle bekamen ihre Zeit noch einmal`
  },
  noAlarms: 'Keine Reservierung ging verloren, und nichts Ungewöhnliches ist geschehen.'
}

const fr: HealthWords = {
  title: 'État',
  good: 'Tout fonctionne.',
  troubled: 'Un point demande attention.',
  unreachable: 'Le serveur ne répond pas. Cette page continue de demander.',
  checks: 'Le serveur',
  check: {
    serving: { name: 'Accepte les demandes', good: 'Oui', bad: 'Ce serveur s’arrête ; un autre prend le relais' },
    store: { name: 'État en direct', good: 'Répond', bad: 'Ne répond pas : personne ne peut réserver d’ici là' },
    live: { name: 'Réservations', good: 'Sont acceptées', bad: 'L’état en direct est en cours de rétablissement ; les réservations sont refusées entre-temps' },
    ledger: { name: 'Base de données', good: 'Répond', bad: 'Ne répond pas : les réservations continuent et seront enregistrées plus tard' },
    release: { name: 'Version', good: 'Aussi récente que les autres', bad: 'Un autre serveur est plus récent : mettez celui-ci à jour' }
  },
  floors: 'Étages',
  noFloors: 'Il n’y a pas encore d’étage.',
  floorRefused: 'Ne peut pas être suivi',
  devices: 'Écrans et bornes',
  devicesGood: count => count === 1 ? 'Le seul appareil connecté est en ligne.' : `Les ${numberText(count)} sont en ligne.`,
  devicesNone: 'Rien n’est encore connecté.',
  silent: count => count === 1 ? '1 est silencieux' : `${numberText(count)} sont silencieux`,
  unwell: count => count === 1 ? '1 signale un problème' : `${numberText(count)} signalent un problème`,
  look: 'Les voir',
  node: 'Depuis le démarrage de ce serveur',
  nodeHow: 'Pour le serveur qui a répondu ; les autres ont leurs propres chiffres. Tous figurent sous /metrics.',
  sessions: count => `${some(count, 'connexion est ouverte', 'connexions sont ouvertes')}`,
  watchers: count => `${some(count, 'étage est suivi', 'étages sont suivis')} par elles`,
  alarms: {
    lost: count => `${some(count, 'réservation pas encore enregistrée a été perdue', 'réservations pas encore enregistrées ont été perdues')} par une panne`,
    quarantined: count => `${some(count, 'réservation a été refusée', 'réservations ont été refusées')} par la base de données : prévenez la personne qui exploite le serveur`,
    clock: count => `Une horloge a sauté ${some(count, 'fois', 'fois')} : prévenez la personne qui exploite le serveur`,
    breaks: count => `${some(count, 'fois', 'fois')}, personne n’a pu pointer pendant plus de six secondes ; chacun a retrouvé son délai`
  },
  noAlarms: 'Aucune réservation n’a été perdue, et rien d’inhabituel ne s’est produit.'
}

export const healthWords = (): HealthWords => spoken({ en, de, fr })
