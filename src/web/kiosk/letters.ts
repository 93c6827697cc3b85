import type { Language } from '../words/language.ts'

/** Rows of an on-screen keyboard, as people know them from their own, at most ten keys in each; below them the letters that names have besides. */
export const LETTERS: Readonly<Record<Language, readonly string[]>> = {
  en: ['qwertyuiop', 'asdfghjkl’', 'zxcvbnm-', 'äöüéèçñøåß'],
  de: ['qwertzuiop', 'asdfghjklß', 'yxcvbnm-', 'äöüéèçñøå’'],
  fr: ['azertyuiop', 'qsdfghjklm', 'wxcvbn-’', 'éèêëçàâîôù']
}

/** From so many on the server looks for somebody. */
export const FEWEST_LETTERS = 3
/** As it takes. */
export const MOST_LETTERS = 64
