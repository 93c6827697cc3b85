import { planFaultText, type PlanFault } from '../../../domain/plan-fault.ts'
import { numberText } from '../../words/common.ts'
import { spoken } from '../../words/language.ts'

const metres = (length: number): string => numberText(length, { maximumSignificantDigits: 2 })

type FaultText = (fault: PlanFault) => string

const de: FaultText = fault => {
  switch (fault.kind) {
    case 'too-many-spaces': return `Eine Etage hat höchstens ${numberText(fault.most)} Plätze, mit ${numberText(fault.removed)}, die weggenommen wurden; teilen Sie sie auf.`
    case 'zone-twice': return `Die Zone ${fault.zone} kommt zweimal vor.`
    case 'space-twice': return `Der Platz ${fault.space} kommt zweimal vor.`
    case 'no-such-zone': return `Auf dieser Etage gibt es keine Zone ${fault.zone}.`
    case 'no-such-space': return `Auf dieser Etage gibt es keinen Platz ${fault.space}.`
    case 'on-another-floor': return `Der Platz ${fault.space} gehört oder gehörte zur Etage ${fault.floor}.`
    case 'space-and-zone': return 'Eine Form ist ein Platz oder eine Zone, nicht beides.'
    case 'two-shapes': return `Der Platz ${fault.space} hat zwei Formen.`
    case 'no-shape': return `Der Platz ${fault.space} hat keine Form: Der Plan braucht einen Point oder ein Polygon mit properties.space.`
    case 'place-as-line': return 'Ein Platz oder eine Zone ist ein Point oder ein Polygon.'
    case 'far-out': return `[${fault.point.join(', ')}] liegt mehr als ${numberText(fault.most)} m vom Ursprung: Koordinaten sind Meter von einer Ecke der Etage aus.`
    case 'short-ring': return 'Ein Ring hat mindestens 4 Punkte, der letzte gleich dem ersten.'
    case 'open-ring': return 'Der Ring ist nicht geschlossen: Sein letzter Punkt muss gleich dem ersten sein.'
    case 'too-small': return `Die Form misst ${metres(fault.width)} m mal ${metres(fault.height)} m: zu klein für einen Platz.`
    case 'too-many-corners': return `Die Form eines Platzes oder einer Zone hat höchstens ${numberText(fault.most)} Ecken.`
    case 'crosses-itself': return 'Der Ring kreuzt oder berührt sich selbst.'
    case 'in-degrees': return `Alle Formen liegen innerhalb von ${metres(fault.width)} m mal ${metres(fault.height)} m: Koordinaten sind Meter, nicht Grad.`
  }
}

const fr: FaultText = fault => {
  switch (fault.kind) {
    case 'too-many-spaces': return `Un étage a au plus ${numberText(fault.most)} espaces, avec ${numberText(fault.removed)} qui ont été retirés ; divisez-le.`
    case 'zone-twice': return `La zone ${fault.zone} figure deux fois.`
    case 'space-twice': return `L’espace ${fault.space} figure deux fois.`
    case 'no-such-zone': return `Il n’y a pas de zone ${fault.zone} à cet étage.`
    case 'no-such-space': return `Il n’y a pas d’espace ${fault.space} à cet étage.`
    case 'on-another-floor': return `L’espace ${fault.space} est ou était à l’étage ${fault.floor}.`
    case 'space-and-zone': return 'Une forme est un espace ou une zone, pas les deux.'
    case 'two-shapes': return `L’espace ${fault.space} a deux formes.`
    case 'no-shape': return `L’espace ${fault.space} n’a pas de forme : il faut au plan un Point ou un Polygon avec properties.space.`
    case 'place-as-line': return 'Un espace ou une zone est un Point ou un Polygon.'
    case 'far-out': return `[${fault.point.join(', ')}] est à plus de ${numberText(fault.most)} m de l’origine : les coordonnées sont en mètres depuis un coin de l’étage.`
    case 'short-ring': return 'Un anneau a au moins 4 points, le dernier égal au premier.'
    case 'open-ring': return 'L’anneau n’est pas fermé : son dernier point doit être égal au premier.'
    case 'too-small': return `La forme mesure ${metres(fault.width)} m sur ${metres(fault.height)} m : trop petite pour un espace.`
    case 'too-many-corners': return `La forme d’un espace ou d’une zone a au plus ${numberText(fault.most)} sommets.`
    case 'crosses-itself': return 'L’anneau se croise ou se touche.'
    case 'in-degrees': return `Toutes les formes tiennent dans ${metres(fault.width)} m sur ${metres(fault.height)} m : les coordonnées sont en mètres, pas en degrés.`
  }
}

/** In the language that is chosen. */
export const planFault = (fault: PlanFault): string => spoken<FaultText>({ en: planFaultText, de, fr })(fault)
