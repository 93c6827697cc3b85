import { spoken } from '../../words/language.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import type { MapWords } from './map-words.ts'

const catalogues = { en, de, fr }

export const mapWords = (): MapWords => spoken(catalogues)
