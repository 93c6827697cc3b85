import { language } from './language.ts'

/** With a true minus: a level below ground is no item of a list. */
export function levelText (level: number): string {
  return new Intl.NumberFormat(language.value).format(level).replace('-', '−')
}
