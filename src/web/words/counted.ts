import type { Language } from './language.ts'

/** Like "1 desk", "2 desks"; French counts 0 as one. */
export function counted (of: Language, count: number, one: string, more: string): string {
  return `${count} ${new Intl.PluralRules(of).select(count) === 'one' ? one : more}`
}
