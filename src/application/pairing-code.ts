import { randomInt } from 'node:crypto'

/** What is not taken for another on a bad screen, or when somebody reads it out: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V but one. */
export const CODE_LETTERS = 'ACDEFGHJKMNPQRTVWXY34679'
export const CODE_LENGTH = 8

const FORM = new RegExp(`^[${CODE_LETTERS}]{${CODE_LENGTH}}$`)

/** Eight letters, each as likely as any other: one of 24^8, some 1.1e11. */
export function newCode (): string {
  return Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('')
}

/** In two groups, for reading: `ACDE-FGHJ`. */
export function showCode (code: string): string {
  return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`
}

/** As somebody typed it, in whatever case and groups. Null: no code is like that. */
export function readCode (text: string): string | null {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '')
  return FORM.test(code) ? code : null
}
