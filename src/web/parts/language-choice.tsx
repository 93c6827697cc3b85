import { language, LANGUAGE_NAMES, LANGUAGES } from '../words/language.ts'
import './language-choice.css'

/** In which language the page speaks; each is named in itself. */
export function LanguageChoice () {
  return (
    <ul class='language-choice'>
      {LANGUAGES.map(one => <li key={one}><button type='button' lang={one} aria-pressed={language.value === one} onClick={() => { language.value = one }}>{LANGUAGE_NAMES[one]}</button></li>)}
    </ul>
  )
}
