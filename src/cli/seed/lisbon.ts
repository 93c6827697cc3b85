import type { Floor } from '../../domain/plan.ts'
import { Drawing } from './drawing.ts'
import { furnishBays, furnishDesks, furnishFacade, furnishLockers, furnishLounge, type FacadePart } from './furniture.ts'
import type { Random } from './random.ts'

const room = (name: string, width: number, ...features: string[]): FacadePart => ({ part: 'room', name, width, features })

/** An old warehouse in an L: a long hall on the river, a short wing to the north. Metres. */
function warehouse (level: number, name: string): Drawing {
  return new Drawing({ id: `lisbon-${level}`, site: 'lisbon', name, level }, String(level), [[0, 0], [48, 0], [48, 18], [22, 18], [22, 34], [0, 34]])
}

function praca (random: Random): Floor {
  const drawing = warehouse(0, 'Praça')
  furnishFacade(drawing, { x: 0, y: 28, depth: 6 }, [room('Alfama', 7, 'screen', 'video'), room('Belém', 5, 'whiteboard'), { part: 'core', width: 5, text: 'Lifts' }, { part: 'nook', width: 5, text: 'Kitchen' }])
  furnishDesks(drawing, { id: 'cais', name: 'Cais', letter: 'C', x: 2.4, y: 2.8, columns: 3, rows: 3, wide: 4, pitch: [9, 5] }, random)
  furnishLounge(drawing, { x: 3, y: 20 }, 3)
  furnishLockers(drawing, { x: 16, y: 19 }, 12)
  drawing.zone({ x: 29.6, y: 0.6, width: 17.8, height: 6.2 }, { id: 'patio', name: 'Pátio', for: null })
  furnishBays(drawing, { x: 30, y: 1.2 }, 6, { id: 'patio', letter: 'P' })
  drawing.wall([[29, 0], [29, 9], [48, 9]])
  drawing.door([23, 0], [26, 0])
  return drawing.finished()
}

function tejo (random: Random): Floor {
  const drawing = warehouse(1, 'Tejo')
  furnishFacade(drawing, { x: 0, y: 28, depth: 6 }, [room('Chiado', 6, 'screen'), room('Graça', 6, 'screen', 'whiteboard'), { part: 'core', width: 5, text: 'Lifts' }, { part: 'booths', width: 3.4 }])
  furnishDesks(drawing, { id: 'rio', name: 'Rio', letter: 'R', x: 2.4, y: 2.8, columns: 5, rows: 3, wide: 4, pitch: [9.2, 5], features: ['window'] }, random)
  furnishDesks(drawing, { id: 'ala', name: 'Ala', letter: 'A', x: 3.4, y: 19.6, columns: 2, rows: 2, wide: 4, pitch: [9, 4.4], features: ['quiet'] }, random)
  return drawing.finished()
}

function mirante (random: Random): Floor {
  const drawing = warehouse(2, 'Mirante')
  furnishFacade(drawing, { x: 0, y: 28, depth: 6 }, [room('Sintra', 9, 'screen', 'video', 'whiteboard'), { part: 'booths', width: 3.4 }, { part: 'core', width: 5, text: 'Lifts' }, { part: 'gap', width: 0.6 }, room('Óbidos', 4, 'whiteboard')])
  furnishDesks(drawing, { id: 'rio', name: 'Rio', letter: 'R', x: 2.4, y: 2.8, columns: 4, rows: 3, wide: 4, pitch: [9.2, 5], features: ['window'] }, random)
  furnishDesks(drawing, { id: 'oficina', name: 'Oficina', letter: 'O', x: 3.4, y: 19.6, columns: 2, rows: 2, wide: 3, pitch: [9, 4.4], for: { people: [], groups: ['lx-engineering', 'lx-cloud'] } }, random)
  furnishLounge(drawing, { x: 40, y: 4 }, 2)
  furnishLounge(drawing, { x: 40, y: 11 }, 2)
  return drawing.finished()
}

/** The house in Lisbon. */
export function lisbonFloors (random: Random): Floor[] {
  return [praca, tejo, mirante].map((draw, i) => draw(random.fork(i)))
}
