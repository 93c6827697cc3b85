import type { Role } from '../../domain/role.ts'
import { spoken } from './language.ts'

interface SignInWords {
  title: string
  demo: string
  search: string
  /** Nobody of that name. */
  nobody: string
  /** Of those who are not shown before somebody searches. */
  others: (count: number) => string
  role: Record<Role, string>
  /** `site`: its id. */
  roleAt: (role: string, site: string) => string
  withAccount: string
  signIn: string
  signOut: string
  /** The session has ended. */
  over: string
  signedOut: string
  /** In a frame. */
  waitingForHost: string
  hostSilent: string
  /** Nothing is set up; the second names what to set. */
  noWay: string
  noWayHow: string
  serverAway: string
  issuerAway: string
  /** After the issuer sent somebody back. */
  finishing: string
  refused: string
  notOurs: string
  notAccepted: string
  failed: string
}

const en: SignInWords = {
  title: 'Who are you?',
  demo: 'This is a demo office: sign in as whomever you like.',
  search: 'Search by name',
  nobody: 'Nobody here has that name.',
  others: count => `And ${count} others: search by name.`,
  role: { viewer: 'may look', member: 'member', kiosk: 'kiosk', display: 'display', sensor: 'sensor', manager: 'looks after the office', admin: 'administrator', operator: 'runs the server' },
  roleAt: (role, site) => `${role}, ${site}`,
  withAccount: 'Sign in with your work account to see who sits where and to claim a desk.',
  signIn: 'Sign in',
  signOut: 'Sign out',
  over: 'Your session has ended. Sign in again to go on.',
  signedOut: 'You are signed out.',
  waitingForHost: 'One moment …',
  hostSilent: 'The page around this map has not said who you are. Reload it; if that does not help, tell whoever looks after it.',
  noWay: 'Signing in is not set up on this server yet.',
  noWayHow: 'Whoever runs it sets OIDC_ISSUER, OIDC_AUDIENCE and OIDC_CLIENT_ID, or shows this map in a page of theirs (EMBED_ORIGINS).',
  serverAway: 'The server does not answer right now.',
  issuerAway: 'The sign-in service cannot be reached right now.',
  finishing: 'Signing you in …',
  refused: 'The sign-in service did not let you in.',
  notOurs: 'This answer of the sign-in service does not belong to a sign-in from this window. Please begin anew.',
  notAccepted: 'You signed in, but this server does not know what to make of it. Tell whoever runs it: the access token was not accepted.',
  failed: 'Signing in did not work.'
}

const de: SignInWords = {
  title: 'Wer sind Sie?',
  demo: 'Das ist ein Beispielbüro: Melden Sie sich an, als wer Sie möchten.',
  search: 'Nach Namen suchen',
  nobody: 'Niemand hier heißt so.',
  others: count => `Und ${count} weitere: Suchen Sie nach dem Namen.`,
  role: { viewer: 'darf schauen', member: 'Mitglied', kiosk: 'Kiosk', display: 'Anzeige', sensor: 'Sensor', manager: 'betreut das Büro', admin: 'Administration', operator: 'betreibt den Server' },
  roleAt: (role, site) => `${role}, ${site}`,
  withAccount: 'Melden Sie sich mit Ihrem Firmenkonto an, um zu sehen, wer wo sitzt, und einen Tisch zu reservieren.',
  signIn: 'Anmelden',
  signOut: 'Abmelden',
  over: 'Ihre Sitzung ist zu Ende. Melden Sie sich wieder an, um weiterzumachen.',
  signedOut: 'Sie sind abgemeldet.',
  waitingForHost: 'Einen Moment …',
  hostSilent: 'Die Seite um diesen Plan hat nicht gesagt, wer Sie sind. Laden Sie sie neu; hilft das nicht, wenden Sie sich an die, die sie betreuen.',
  noWay: 'Auf diesem Server ist die Anmeldung noch nicht eingerichtet.',
  noWayHow: 'Wer ihn betreibt, setzt OIDC_ISSUER, OIDC_AUDIENCE und OIDC_CLIENT_ID oder zeigt diesen Plan in einer eigenen Seite (EMBED_ORIGINS).',
  serverAway: 'Der Server antwortet gerade nicht.',
  issuerAway: 'Der Anmeldedienst ist gerade nicht erreichbar.',
  finishing: 'Sie werden angemeldet …',
  refused: 'Der Anmeldedienst hat Sie nicht hereingelassen.',
  notOurs: 'Diese Antwort des Anmeldedienstes gehört zu keiner Anmeldung aus diesem Fenster. Bitte beginnen Sie von vorn.',
  notAccepted: 'Sie sind angemeldet, aber dieser Server kann damit nichts anfangen. Sagen Sie denen, die ihn betreiben: Das Zugangstoken wurde nicht angenommen.',
  failed: 'Die Anmeldung hat nicht geklappt.'
}

const fr: SignInWords = {
  title: 'Qui êtes-vous ?',
  demo: 'Ce sont des bureaux de démonstration : connectez-vous au nom de qui vous voulez.',
  search: 'Chercher par nom',
  nobody: 'Personne ici ne porte ce nom.',
  others: count => `Et ${count} autres : cherchez par nom.`,
  role: { viewer: 'peut consulter', member: 'membre', kiosk: 'borne', display: 'écran', sensor: 'capteur', manager: 'gère les bureaux', admin: 'administration', operator: 'exploite le serveur' },
  roleAt: (role, site) => `${role}, ${site}`,
  withAccount: 'Connectez-vous avec votre compte professionnel pour voir qui est où et réserver un bureau.',
  signIn: 'Se connecter',
  signOut: 'Se déconnecter',
  over: 'Votre session est terminée. Reconnectez-vous pour continuer.',
  signedOut: 'Vous êtes déconnecté.',
  waitingForHost: 'Un instant …',
  hostSilent: 'La page qui entoure ce plan n’a pas dit qui vous êtes. Rechargez-la ; si cela ne suffit pas, prévenez la personne qui s’en occupe.',
  noWay: 'La connexion n’est pas encore configurée sur ce serveur.',
  noWayHow: 'La personne qui l’exploite définit OIDC_ISSUER, OIDC_AUDIENCE et OIDC_CLIENT_ID, ou affiche ce plan dans une de ses pages (EMBED_ORIGINS).',
  serverAway: 'Le serveur ne répond pas pour l’instant.',
  issuerAway: 'Le service de connexion est injoignable pour l’instant.',
  finishing: 'Connexion en cours …',
  refused: 'Le service de connexion ne vous a pas laissé entrer.',
  notOurs: 'Cette réponse du service de connexion ne correspond à aucune connexion demandée dans cette fenêtre. Veuillez recommencer.',
  notAccepted: 'Vous êtes connecté, mais ce serveur ne sait qu’en faire. Prévenez la personne qui l’exploite : le jeton d’accès n’a pas été accepté.',
  failed: 'La connexion n’a pas abouti.'
}

export const signInWords = (): SignInWords => spoken({ en, de, fr })
