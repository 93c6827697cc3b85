import type { FloorFileFault } from '../../../domain/floor-file.ts'
import { numberText } from '../../words/common.ts'
import { spoken } from '../../words/language.ts'
import type { PlaceInFile } from '../plans/place-in-file.ts'

interface PlanWords {
  title: string
  lead: string
  forFloor: string
  newFloor: string
  floorName: string
  floorNameExample: string
  level: string
  floorId: string
  floorIdHow: string
  floorIdTaken: string
  site: string
  dropHere: string
  chooseFile: string
  dropHow: string
  unreadable: (file: string, why: string) => string
  fault: (fault: FloorFileFault) => string
  size: (spaces: number, width: number, height: number) => string
  fromDegrees: string
  changedMeanwhile: string
  invalid: (count: number) => string
  place: (place: PlaceInFile) => string
  inUse: (count: number) => string
  inUseHow: string
  release: (count: number) => string
  releaseAsk: (count: number) => string
  releaseWhat: string
  put: string
  putting: string
  drop: string
  done: (removed: number) => string
  show: string
  after: string
  before: string
  changes: string
  allNew: (count: number) => string
  noChange: string
  added: (count: number) => string
  removed: (count: number) => string
  moved: (count: number) => string
  movedBy: (label: string, metres: number) => string
  renamed: (count: number) => string
  renamedFrom: (before: string, now: string) => string
  changed: (count: number) => string
  zones: string
  zoneAdded: (name: string) => string
  zoneRemoved: (name: string) => string
  same: (count: number) => string
}

const metres = (value: number): string => numberText(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10)
const count = (number: number, one: string, many: string): string => `${numberText(number)} ${number === 1 ? one : many}`

const en: PlanWords = {
  title: 'Plans',
  lead: 'A plan is a GeoJSON file. Look at it here beside what is there before it holds.',
  forFloor: 'For floor',
  newFloor: 'A new floor …',
  floorName: 'Name',
  floorNameExample: 'Studio',
  level: 'Storey (0 is the ground floor)',
  floorId: 'Short name',
  floorIdHow: 'Letters, figures, dots and hyphens. It stands in addresses and on labels, and stays.',
  floorIdTaken: 'There is a floor of that short name already: choose it above.',
  site: 'Site',
  dropHere: 'Drop a plan here',
  chooseFile: 'Choose a file',
  dropHow: 'GeoJSON in metres or in degrees (WGS 84), or a floor as Perch exports it. Nothing changes before you say so.',
  unreadable: (file, why) => `${file} cannot be read. ${why}`,
  fault (fault) {
    switch (fault.fault) {
      case 'not-json': return 'It is not JSON: perhaps it was cut short, or is of another kind.'
      case 'not-a-plan': return 'It is JSON, but no plan: a GeoJSON FeatureCollection is looked for.'
      case 'no-such-floor': return `It is for ${fault.floors.length === 0 ? 'no floor' : fault.floors.join(', ')}: choose that floor above.`
      case 'geometry': return `Shape ${fault.feature + 1} is ${fault.type === 'null' ? 'empty' : `a ${fault.type} that cannot be drawn`}: points, lines and polygons can.`
    }
  },
  size: (spaces, width, height) => `${count(spaces, 'space', 'spaces')}, ${metres(width)} m by ${metres(height)} m.`,
  fromDegrees: 'The file is in degrees; this is what it comes to in metres.',
  changedMeanwhile: 'Somebody else has changed this floor meanwhile. The list now compares with what is there; look at it once more.',
  invalid: number => number === 1 ? 'This plan cannot be used yet: there is something to mend.' : `This plan cannot be used yet: there are ${number} things to mend.`,
  place (place) {
    switch (place.what) {
      case 'space': return `Space ${place.id}:`
      case 'zone': return `Zone ${place.id}:`
      case 'shape': return `Shape ${place.number}:`
      case 'plan': return 'The whole plan:'
    }
  },
  inUse: number => number === 1 ? 'There are claims on a space that this plan takes off:' : `There are claims on ${number} spaces that this plan takes off:`,
  inUseHow: 'Keep them on the plan, wait until the claims have ended, or end the claims now.',
  release: number => number === 1 ? 'End its claims and import' : 'End their claims and import',
  releaseAsk: number => number === 1 ? 'End the claims on one space?' : `End the claims on ${number} spaces?`,
  releaseWhat: 'Whoever holds them loses them and is told so. This cannot be undone.',
  put: 'Use this plan',
  putting: 'One moment …',
  drop: 'Discard',
  done: removed => removed === 0 ? 'The plan holds now, on every screen.' : `The plan holds now, on every screen. ${count(removed, 'space was', 'spaces were')} taken off.`,
  show: 'Show',
  after: 'As it would be',
  before: 'As it is',
  changes: 'What changes',
  allNew: number => `The floor is new, with ${count(number, 'space', 'spaces')}.`,
  noChange: 'Nothing that people would notice.',
  added: number => `${count(number, 'space', 'spaces')} added`,
  removed: number => `${count(number, 'space', 'spaces')} removed`,
  moved: number => `${count(number, 'space', 'spaces')} moved`,
  movedBy: (label, by) => `${label}, by ${metres(by)} m`,
  renamed: number => `${count(number, 'space', 'spaces')} renamed`,
  renamedFrom: (was, now) => `${was} → ${now}`,
  changed: number => `${count(number, 'space', 'spaces')} of another kind, zone or equipment`,
  zones: 'Zones',
  zoneAdded: name => `${name} is added`,
  zoneRemoved: name => `${name} is removed`,
  same: number => `${count(number, 'space stays', 'spaces stay')} as they are.`
}

const de: PlanWords = {
  title: 'Pläne',
  lead: 'Ein Plan ist eine GeoJSON-Datei. Sehen Sie ihn hier neben dem heutigen Stand an, bevor er gilt.',
  forFloor: 'Für die Etage',
  newFloor: 'Eine neue Etage …',
  floorName: 'Name',
  floorNameExample: 'Studio',
  level: 'Stockwerk (0 ist das Erdgeschoss)',
  floorId: 'Kurzname',
  floorIdHow: 'Buchstaben, Ziffern, Punkte und Bindestriche. Er steht in Adressen und auf Etiketten und bleibt.',
  floorIdTaken: 'Eine Etage mit diesem Kurznamen gibt es schon: Wählen Sie sie oben.',
  site: 'Standort',
  dropHere: 'Einen Plan hier ablegen',
  chooseFile: 'Datei wählen',
  dropHow: 'GeoJSON in Metern oder in Grad (WGS 84) oder eine Etage, wie Perch sie exportiert. Nichts ändert sich, bevor Sie es sagen.',
  unreadable: (file, why) => `${file} kann nicht gelesen werden. ${why}`,
  fault (fault) {
    switch (fault.fault) {
      case 'not-json': return 'Es ist kein JSON: Vielleicht ist die Datei unvollständig oder von anderer Art.'
      case 'not-a-plan': return 'Es ist JSON, aber kein Plan: Gesucht wird eine FeatureCollection (GeoJSON).'
      case 'no-such-floor': return `Die Datei ist für ${fault.floors.length === 0 ? 'keine Etage' : fault.floors.join(', ')}: Wählen Sie diese Etage oben.`
      case 'geometry': return `Form ${fault.feature + 1} ist ${fault.type === 'null' ? 'leer' : `vom Typ ${fault.type} und lässt sich so nicht zeichnen`}: Punkte, Linien und Polygone lassen sich zeichnen.`
    }
  },
  size: (spaces, width, height) => `${count(spaces, 'Platz', 'Plätze')}, ${metres(width)} m mal ${metres(height)} m.`,
  fromDegrees: 'Die Datei ist in Grad; das ergibt sie in Metern.',
  changedMeanwhile: 'Jemand anderes hat diese Etage inzwischen geändert. Die Liste vergleicht jetzt mit dem neuen Stand; sehen Sie sie noch einmal durch.',
  invalid: number => number === 1 ? 'Dieser Plan kann noch nicht verwendet werden: Etwas ist zu berichtigen.' : `Dieser Plan kann noch nicht verwendet werden: ${number} Stellen sind zu berichtigen.`,
  place (place) {
    switch (place.what) {
      case 'space': return `Platz ${place.id}:`
      case 'zone': return `Zone ${place.id}:`
      case 'shape': return `Form ${place.number}:`
      case 'plan': return 'Der ganze Plan:'
    }
  },
  inUse: number => number === 1 ? 'Auf einem Platz, den dieser Plan entfernt, liegen Reservierungen:' : `Auf ${number} Plätzen, die dieser Plan entfernt, liegen Reservierungen:`,
  inUseHow: 'Lassen Sie diese Plätze auf dem Plan, warten Sie das Ende der Reservierungen ab oder beenden Sie sie jetzt.',
  release: () => 'Reservierungen beenden und importieren',
  releaseAsk: number => number === 1 ? 'Reservierungen auf einem Platz beenden?' : `Reservierungen auf ${number} Plätzen beenden?`,
  releaseWhat: 'Wer sie hat, verliert sie und erfährt das. Es lässt sich nicht rückgängig machen.',
  put: 'Diesen Plan verwenden',
  putting: 'Einen Moment …',
  drop: 'Verwerfen',
  done: removed => removed === 0 ? 'Der Plan gilt jetzt, auf allen Bildschirmen.' : `Der Plan gilt jetzt, auf allen Bildschirmen. ${count(removed, 'Platz wurde', 'Plätze wurden')} entfernt.`,
  show: 'Anzeigen',
  after: 'Wie es wäre',
  before: 'Wie es ist',
  changes: 'Was sich ändert',
  allNew: number => `Die Etage ist neu und hat ${count(number, 'Platz', 'Plätze')}.`,
  noChange: 'Nichts, was jemand bemerken würde.',
  added: number => `${count(number, 'Platz kommt', 'Plätze kommen')} dazu`,
  removed: number => `${count(number, 'Platz fällt', 'Plätze fallen')} weg`,
  moved: number => `${count(number, 'Platz wird', 'Plätze werden')} verschoben`,
  movedBy: (label, by) => `${label}, um ${metres(by)} m`,
  renamed: number => `${count(number, 'Platz wird', 'Plätze werden')} umbenannt`,
  renamedFrom: (was, now) => `${was} → ${now}`,
  changed: number => `${count(number, 'Platz', 'Plätze')} mit anderer Art, Zone oder Ausstattung`,
  zones: 'Zonen',
  zoneAdded: name => `${name} kommt dazu`,
  zoneRemoved: name => `${name} fällt weg`,
  same: number => `${count(number, 'Platz bleibt', 'Plätze bleiben')}, wie sie sind.`
}

const fr: PlanWords = {
  title: 'Plans',
  lead: 'Un plan est un fichier GeoJSON. Comparez-le ici à l’existant avant de l’appliquer.',
  forFloor: 'Pour l’étage',
  newFloor: 'Un nouvel étage …',
  floorName: 'Nom',
  floorNameExample: 'Studio',
  level: 'Niveau (0 est le rez-de-chaussée)',
  floorId: 'Nom court',
  floorIdHow: 'Lettres, chiffres, points et traits d’union. Il figure dans les adresses et sur les étiquettes, et ne change plus.',
  floorIdTaken: 'Un étage porte déjà ce nom court : choisissez-le ci-dessus.',
  site: 'Site',
  dropHere: 'Déposez un plan ici',
  chooseFile: 'Choisir un fichier',
  dropHow: 'GeoJSON en mètres ou en degrés (WGS 84), ou un étage exporté par Perch. Rien ne change avant votre accord.',
  unreadable: (file, why) => `${file} est illisible. ${why}`,
  fault (fault) {
    switch (fault.fault) {
      case 'not-json': return 'Ce n’est pas du JSON : le fichier est peut-être tronqué ou d’un autre type.'
      case 'not-a-plan': return 'C’est du JSON, mais pas un plan : une FeatureCollection (GeoJSON) est attendue.'
      case 'no-such-floor': return `Il concerne ${fault.floors.length === 0 ? 'aucun étage' : fault.floors.join(', ')} : choisissez cet étage ci-dessus.`
      case 'geometry': return `La forme ${fault.feature + 1} est ${fault.type === 'null' ? 'vide' : `de type ${fault.type} et ne peut pas être dessinée`} : les points, lignes et polygones le peuvent.`
    }
  },
  size: (spaces, width, height) => `${count(spaces, 'espace', 'espaces')}, ${metres(width)} m sur ${metres(height)} m.`,
  fromDegrees: 'Le fichier est en degrés ; voici ce que cela donne en mètres.',
  changedMeanwhile: 'Quelqu’un d’autre a modifié cet étage entre-temps. La liste compare désormais avec le nouvel état ; veuillez la relire.',
  invalid: number => number === 1 ? 'Ce plan n’est pas encore utilisable : un point est à corriger.' : `Ce plan n’est pas encore utilisable : ${number} points sont à corriger.`,
  place (place) {
    switch (place.what) {
      case 'space': return `Espace ${place.id} :`
      case 'zone': return `Zone ${place.id} :`
      case 'shape': return `Forme ${place.number} :`
      case 'plan': return 'Le plan entier :'
    }
  },
  inUse: number => number === 1 ? 'Un espace que ce plan retire est réservé :' : `${number} espaces que ce plan retire sont réservés :`,
  inUseHow: 'Conservez-les sur le plan, attendez la fin des réservations, ou mettez-y fin maintenant.',
  release: () => 'Mettre fin aux réservations et importer',
  releaseAsk: number => number === 1 ? 'Mettre fin aux réservations d’un espace ?' : `Mettre fin aux réservations de ${number} espaces ?`,
  releaseWhat: 'Les personnes concernées les perdent et en sont informées. C’est irréversible.',
  put: 'Appliquer ce plan',
  putting: 'Un instant …',
  drop: 'Abandonner',
  done: removed => removed === 0 ? 'Le plan est appliqué, sur tous les écrans.' : `Le plan est appliqué, sur tous les écrans. ${count(removed, 'espace a été retiré', 'espaces ont été retirés')}.`,
  show: 'Afficher',
  after: 'Comme ce serait',
  before: 'Comme c’est',
  changes: 'Ce qui change',
  allNew: number => `L’étage est nouveau, avec ${count(number, 'espace', 'espaces')}.`,
  noChange: 'Rien que l’on remarquerait.',
  added: number => `${count(number, 'espace ajouté', 'espaces ajoutés')}`,
  removed: number => `${count(number, 'espace retiré', 'espaces retirés')}`,
  moved: number => `${count(number, 'espace déplacé', 'espaces déplacés')}`,
  movedBy: (label, by) => `${label}, de ${metres(by)} m`,
  renamed: number => `${count(number, 'espace renommé', 'espaces renommés')}`,
  renamedFrom: (was, now) => `${was} → ${now}`,
  changed: number => `${count(number, 'espace', 'espaces')} de nature, zone ou équipement différents`,
  zones: 'Zones',
  zoneAdded: name => `${name} est ajoutée`,
  zoneRemoved: name => `${name} est retirée`,
  same: number => `${count(number, 'espace reste', 'espaces restent')} comme avant.`
}

export const planWords = (): PlanWords => spoken({ en, de, fr })
