import { spoken } from './language.ts'

interface PairingWords {
  title: string
  how: string
  /** Before the address. */
  where: string
  renews: string
  notHeard: string
  refused: string
  nextCode: string
  limited: string
  nextCodeIn: (minutes: number) => string
  unreachable: string
  keepsTrying: string
  haveCode: string
  typeCode: string
  connect: string
  unknownCode: string
  tooManyCodes: (minutes: number) => string
}

const en: PairingWords = {
  title: 'Connect this screen',
  how: 'Whoever looks after this office enters this code:',
  where: 'on the page',
  renews: 'The code changes by itself before it expires.',
  notHeard: 'The server is not answering at the moment. The code stays as it is.',
  refused: 'This code was refused.',
  nextCode: 'A new one comes in a moment.',
  limited: 'Too many screens have asked for a code.',
  nextCodeIn: minutes => `A new one comes by itself ${minutes === 1 ? 'in a minute' : `in ${minutes} minutes`}.`,
  unreachable: 'The server is not answering at the moment.',
  keepsTrying: 'This screen keeps trying by itself.',
  haveCode: 'I was given a code',
  typeCode: 'The code that you were given',
  connect: 'Connect',
  unknownCode: 'This code is not known, or its ten minutes are over.',
  tooManyCodes: minutes => `That was tried too often. It works again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
}

const de: PairingWords = {
  title: 'Diesen Bildschirm verbinden',
  how: 'Wer dieses Büro betreut, gibt diesen Code ein:',
  where: 'auf der Seite',
  renews: 'Der Code wechselt von selbst, bevor er abläuft.',
  notHeard: 'Der Server antwortet zurzeit nicht. Der Code bleibt, wie er ist.',
  refused: 'Dieser Code wurde abgelehnt.',
  nextCode: 'Gleich erscheint ein neuer.',
  limited: 'Zu viele Bildschirme haben um einen Code gebeten.',
  nextCodeIn: minutes => `${minutes === 1 ? 'In einer Minute' : `In ${minutes} Minuten`} erscheint von selbst ein neuer.`,
  unreachable: 'Der Server antwortet zurzeit nicht.',
  keepsTrying: 'Dieser Bildschirm versucht es von selbst weiter.',
  haveCode: 'Ich habe einen Code bekommen',
  typeCode: 'Der Code, den Sie bekommen haben',
  connect: 'Verbinden',
  unknownCode: 'Dieser Code ist nicht bekannt, oder seine zehn Minuten sind vorbei.',
  tooManyCodes: minutes => `Das wurde zu oft versucht. In ${minutes === 1 ? 'einer Minute' : `${minutes} Minuten`} geht es wieder.`
}

const fr: PairingWords = {
  title: 'Connecter cet écran',
  how: 'La personne qui gère ces bureaux saisit ce code :',
  where: 'sur la page',
  renews: 'Le code change tout seul avant d’expirer.',
  notHeard: 'Le serveur ne répond pas pour le moment. Le code reste le même.',
  refused: 'Ce code a été refusé.',
  nextCode: 'Un nouveau code apparaît dans un instant.',
  limited: 'Trop d’écrans ont demandé un code.',
  nextCodeIn: minutes => `Un nouveau code apparaîtra ${minutes === 1 ? 'dans une minute' : `dans ${minutes} minutes`}.`,
  unreachable: 'Le serveur ne répond pas pour le moment.',
  keepsTrying: 'Cet écran réessaie tout seul.',
  haveCode: 'On m’a donné un code',
  typeCode: 'Le code que vous avez reçu',
  connect: 'Connecter',
  unknownCode: 'Ce code n’est pas connu, ou ses dix minutes sont écoulées.',
  tooManyCodes: minutes => `Trop d’essais. Cela fonctionnera de nouveau ${minutes === 1 ? 'dans une minute' : `dans ${minutes} minutes`}.`
}

export const pairingWords = (): PairingWords => spoken({ en, de, fr })
