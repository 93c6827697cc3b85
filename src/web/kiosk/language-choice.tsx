import { language, LANGUAGE_NAMES, LANGUAGES } from '../words/language.ts'
import { kioskWords } from './words.ts'

/** For whoever is there; the next finds the kiosk's own again. */
export function LanguageChoice ({ onChoice }: { onChoice: () => void }) {
  return (
    <div class='kiosk-languages' role='group' aria-label={kioskWords().language}>
      {LANGUAGES.map(name => (
        <button
          key={name} type='button' lang={name} aria-pressed={language.value === name}
          onClick={() => {
            language.value = name
            onChoice()
          }}
        >{LANGUAGE_NAMES[name]}
        </button>
      ))}
    </div>
  )
}
