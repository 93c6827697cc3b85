import { PerchError, type PerchErrorCode } from '../../../client/index.ts'
import { spoken } from '../../words/language.ts'

type Sentences = Partial<Record<PerchErrorCode, string>> & { other: string }

const en: Sentences = {
  NOT_CONNECTED: 'The server does not answer right now. Nothing may have been changed; look again in a moment.',
  UNAVAILABLE: 'The server cannot do that right now. Please try again in a moment.',
  UNAUTHENTICATED: 'Your session has ended. Please sign in again.',
  FORBIDDEN: 'That is not for you to do: somebody who administers the whole organisation can.',
  BAD_REQUEST: 'Something that was entered is not as it should be.',
  SITE_UNKNOWN: 'There is no such site any more.',
  FLOOR_UNKNOWN: 'There is no such floor any more.',
  SPACE_UNKNOWN: 'There is no such space any more.',
  DEVICE_UNKNOWN: 'This device is not paired any more.',
  PAIRING_UNKNOWN: 'No screen shows this code now. Codes end after ten minutes: look at the screen and enter what it shows.',
  PLAN_CHANGED: 'Somebody else has changed this floor meanwhile. The list below now compares with what is there; look at it once more.',
  PLAN_INVALID: 'This plan cannot be used yet.',
  SPACE_IN_USE: 'There are claims on spaces that this plan takes off.',
  TOO_LARGE: 'The file is too large: a floor may have 4 MB.',
  RATE_LIMITED: 'That was too often. Please wait a few minutes.',
  RECOVERING: 'The live state is being recovered. Please try again in a moment.',
  LEDGER_BEHIND: 'The database is behind. Please try again in a moment.',
  other: 'That did not work. Please try again.'
}

const de: Sentences = {
  NOT_CONNECTED: 'Der Server antwortet gerade nicht. Vielleicht wurde nichts geändert; sehen Sie gleich noch einmal nach.',
  UNAVAILABLE: 'Der Server kann das gerade nicht. Bitte versuchen Sie es gleich noch einmal.',
  UNAUTHENTICATED: 'Ihre Sitzung ist zu Ende. Bitte melden Sie sich wieder an.',
  FORBIDDEN: 'Das dürfen Sie nicht: Wer die ganze Organisation verwaltet, kann es.',
  BAD_REQUEST: 'Etwas von den Eingaben ist nicht, wie es sein sollte.',
  SITE_UNKNOWN: 'Diesen Standort gibt es nicht mehr.',
  FLOOR_UNKNOWN: 'Diese Etage gibt es nicht mehr.',
  SPACE_UNKNOWN: 'Diesen Platz gibt es nicht mehr.',
  DEVICE_UNKNOWN: 'Dieses Gerät ist nicht mehr verbunden.',
  PAIRING_UNKNOWN: 'Kein Bildschirm zeigt gerade diesen Code. Codes gelten zehn Minuten: Geben Sie ein, was der Bildschirm jetzt zeigt.',
  PLAN_CHANGED: 'Jemand anderes hat diese Etage inzwischen geändert. Die Liste unten vergleicht jetzt mit dem neuen Stand; sehen Sie sie noch einmal durch.',
  PLAN_INVALID: 'Dieser Plan kann so noch nicht verwendet werden.',
  SPACE_IN_USE: 'Auf Plätzen, die dieser Plan entfernt, liegen Reservierungen.',
  TOO_LARGE: 'Die Datei ist zu groß: Eine Etage darf 4 MB haben.',
  RATE_LIMITED: 'Das war zu oft. Bitte warten Sie einige Minuten.',
  RECOVERING: 'Der Live-Zustand wird wiederhergestellt. Bitte versuchen Sie es gleich noch einmal.',
  LEDGER_BEHIND: 'Die Datenbank ist im Rückstand. Bitte versuchen Sie es gleich noch einmal.',
  other: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.'
}

const fr: Sentences = {
  NOT_CONNECTED: 'Le serveur ne répond pas pour l’instant. Rien n’a peut-être changé ; vérifiez dans un instant.',
  UNAVAILABLE: 'Le serveur ne peut pas le faire pour l’instant. Veuillez réessayer dans un instant.',
  UNAUTHENTICATED: 'Votre session est terminée. Veuillez vous reconnecter.',
  FORBIDDEN: 'Ce n’est pas dans vos droits : une personne qui administre toute l’organisation peut le faire.',
  BAD_REQUEST: 'Une des valeurs saisies n’est pas comme il faut.',
  SITE_UNKNOWN: 'Ce site n’existe plus.',
  FLOOR_UNKNOWN: 'Cet étage n’existe plus.',
  SPACE_UNKNOWN: 'Cet espace n’existe plus.',
  DEVICE_UNKNOWN: 'Cet appareil n’est plus connecté.',
  PAIRING_UNKNOWN: 'Aucun écran n’affiche ce code en ce moment. Un code vaut dix minutes : saisissez celui que l’écran affiche maintenant.',
  PLAN_CHANGED: 'Quelqu’un d’autre a modifié cet étage entre-temps. La liste ci-dessous compare désormais avec le nouvel état ; veuillez la relire.',
  PLAN_INVALID: 'Ce plan n’est pas encore utilisable.',
  SPACE_IN_USE: 'Des espaces que ce plan retire sont réservés.',
  TOO_LARGE: 'Le fichier est trop volumineux : un étage peut peser 4 Mo.',
  RATE_LIMITED: 'C’était trop souvent. Veuillez patienter quelques minutes.',
  RECOVERING: 'L’état en direct est en cours de rétablissement. Veuillez réessayer dans un instant.',
  LEDGER_BEHIND: 'La base de données est en retard. Veuillez réessayer dans un instant.',
  other: 'Cela n’a pas fonctionné. Veuillez réessayer.'
}

/** A sentence for whatever went wrong: what it is for a person, never its code. */
export function refusalText (error: unknown): string {
  const sentences = spoken({ en, de, fr })
  return (error instanceof PerchError ? sentences[error.code] : undefined) ?? sentences.other
}
