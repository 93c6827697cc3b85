import { numberText } from '../../words/common.ts'
import { spoken } from '../../words/language.ts'

interface LabelWords {
  title: string
  lead: string
  zone: string
  allZones: string
  kind: string
  allKinds: string
  count: (labels: number, sheets: number) => string
  print: string
  printHow: string
  none: string
  /** On the label. */
  scan: string
}

const en: LabelWords = {
  title: 'Labels',
  lead: 'A label for each space. Whoever scans it is on the map, at that space.',
  zone: 'Zone',
  allZones: 'All zones',
  kind: 'Kind',
  allKinds: 'All kinds',
  count: (labels, sheets) => `${numberText(labels)} ${labels === 1 ? 'label' : 'labels'} on ${numberText(sheets)} ${sheets === 1 ? 'sheet' : 'sheets'}`,
  print: 'Print',
  printHow: 'A4 with 24 labels of 70 × 37 mm. Print at 100 %, without margins.',
  none: 'There is no space of that kind here.',
  scan: 'Scan to claim'
}

const de: LabelWords = {
  title: 'Etiketten',
  lead: 'Ein Etikett für jeden Platz. Wer es scannt, ist auf dem Plan bei diesem Platz.',
  zone: 'Zone',
  allZones: 'Alle Zonen',
  kind: 'Art',
  allKinds: 'Alle Arten',
  count: (labels, sheets) => `${numberText(labels)} ${labels === 1 ? 'Etikett' : 'Etiketten'} auf ${numberText(sheets)} ${sheets === 1 ? 'Bogen' : 'Bögen'}`,
  print: 'Drucken',
  printHow: 'A4 mit 24 Etiketten zu 70 × 37 mm. Drucken Sie mit 100 %, ohne Ränder.',
  none: 'Hier gibt es keinen solchen Platz.',
  scan: 'Scannen und reservieren'
}

const fr: LabelWords = {
  title: 'Étiquettes',
  lead: 'Une étiquette par espace. Qui la scanne arrive sur le plan, à cet espace.',
  zone: 'Zone',
  allZones: 'Toutes les zones',
  kind: 'Nature',
  allKinds: 'Toutes',
  count: (labels, sheets) => `${numberText(labels)} ${labels < 2 ? 'étiquette' : 'étiquettes'} sur ${numberText(sheets)} ${sheets < 2 ? 'feuille' : 'feuilles'}`,
  print: 'Imprimer',
  printHow: 'A4, 24 étiquettes de 70 × 37 mm. Imprimez à 100 %, sans marges.',
  none: 'Il n’y a pas d’espace de cette nature ici.',
  scan: 'Scanner pour réserver'
}

export const labelWords = (): LabelWords => spoken({ en, de, fr })
