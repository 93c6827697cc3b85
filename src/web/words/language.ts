import { signal } from '@preact/signals'

export const LANGUAGES = ['en', 'de', 'fr'] as const
export type Language = typeof LANGUAGES[number]

/** How each calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch', fr: 'Français' }

const isLanguage = (text: string): text is Language => (LANGUAGES as readonly string[]).includes(text)

/** The first of the browser's that there is; `?lang=de` in the address says otherwise. */
function ofBrowser (): Language {
  const asked = new URLSearchParams(location.search).get('lang')
  return [asked ?? '', ...navigator.languages].map(tag => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

export const language = signal<Language>(ofBrowser())

/** The catalogue in the language that is spoken now; read in a component, it renders anew with it. */
export function spoken<Words> (catalogues: Readonly<Record<Language, Words>>): Words {
  return catalogues[language.value]
}

language.subscribe(now => { document.documentElement.lang = now })
