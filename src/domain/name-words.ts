/** Words of a name that can be searched for; more are not. */
const MOST_WORDS = 8
const LONGEST_WORD = 32

/** Letters that a search must have. */
export const SEARCH_LETTERS = 3

/** A name's words as they are compared: small letters and figures without accents, so that `Ånd` is found by `and`. */
export function nameWords (name: string): string[] {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '').map(word => [...word].slice(0, LONGEST_WORD).join(''))
  return [...new Set(words)].slice(0, MOST_WORDS)
}

/** Each word that is searched for begins a word of the name. */
export function isFoundBy (name: string, search: readonly string[]): boolean {
  const words = nameWords(name)
  return search.every(part => words.some(word => word.startsWith(part)))
}
