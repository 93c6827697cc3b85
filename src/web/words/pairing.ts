import { spoken } from './language.ts'

interface PairingWords {
  title: string
  how: string
  where: (address: string) => string
}

const en: PairingWords = {
  title: 'Connect this screen',
  how: 'Somebody who looks after this office enters this code:',
  where: address => `at ${address}`
}

const de: PairingWords = {
  title: 'Diesen Bildschirm verbinden',
  how: 'Wer dieses Büro betreut, gibt diesen Code ein:',
  where: address => `auf ${address}`
}

const fr: PairingWords = {
  title: 'Connecter cet écran',
  how: 'La personne qui gère ces bureaux saisit ce code :',
  where: address => `sur ${address}`
}

export const pairingWords = (): PairingWords => spoken({ en, de, fr })
