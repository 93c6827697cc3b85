import { spoken } from './language.ts'

interface SignInWords {
  title: string
  demo: string
}

const en: SignInWords = { title: 'Who are you?', demo: 'This is a demo office: sign in as whomever you like.' }
const de: SignInWords = { title: 'Wer sind Sie?', demo: 'Das ist ein Beispielbüro: Melden Sie sich an, als wer Sie möchten.' }
const fr: SignInWords = { title: 'Qui êtes-vous ?', demo: 'Ce sont des bureaux de démonstration : connectez-vous au nom de qui vous voulez.' }

export const signInWords = (): SignInWords => spoken({ en, de, fr })
