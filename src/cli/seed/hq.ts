import type { Floor } from '../../domain/plan.ts'
import { Drawing } from './drawing.ts'
import { furnishBays, furnishDesks, furnishFacade, furnishLockers, furnishLounge, type DeskZone, type FacadePart } from './furniture.ts'
import type { Random } from './random.ts'

/** Metres, like every storey of the house in St. Gallen. */
const WIDTH = 56
const DEPTH = 31
const ROOMS = { x: 0, y: 24, depth: 7 }

const LIFTS: FacadePart = { part: 'core', width: 6, text: 'Lifts' }
const BOOTHS: FacadePart = { part: 'booths', width: 3.6 }
const gap = (width: number): FacadePart => ({ part: 'gap', width })
const nook = (text: string, width: number): FacadePart => ({ part: 'nook', text, width })
const room = (name: string, width: number, ...features: string[]): FacadePart => ({ part: 'room', name, width, features })

const north = (more: Partial<DeskZone> = {}): DeskZone => ({ id: 'north', name: 'North', letter: 'N', x: 2.2, y: 3.4, columns: 2, rows: 4, wide: 4, ...more })
const garden = (more: Partial<DeskZone> = {}): DeskZone => ({ id: 'garden', name: 'Garden', letter: 'G', x: 25, y: 3.4, columns: 1, rows: 4, wide: 4, ...more })
const river = (more: Partial<DeskZone> = {}): DeskZone => ({ id: 'river', name: 'River', letter: 'R', x: 44.6, y: 3.4, columns: 1, rows: 5, wide: 5, features: ['window'], ...more })

function storey (level: number, name: string, facade: readonly FacadePart[], zones: readonly DeskZone[], random: Random): Drawing {
  const drawing = new Drawing({ id: `hq-${level}`, site: 'hq', name, level }, String(level), [[0, 0], [WIDTH, 0], [WIDTH, DEPTH], [0, DEPTH]])
  furnishFacade(drawing, ROOMS, facade)
  for (const zone of zones) furnishDesks(drawing, zone, random)
  return drawing
}

function parking (): Floor {
  const drawing = new Drawing({ id: 'hq-p', site: 'hq', name: 'Parking', level: -1 }, 'P', [[0, 0], [64, 0], [64, 28], [0, 28]])
  drawing.core({ x: 56, y: 20, width: 6, height: 7 }, 'Lifts')
  drawing.label([61, 14], 'Exit')
  drawing.zone({ x: 0.4, y: 0.4, width: 53.2, height: 10.9 }, { id: 'hall', name: 'Hall', for: null })
  drawing.zone({ x: 0.4, y: 21.7, width: 53.2, height: 5.9 }, { id: 'permit', name: 'Permit holders', for: { people: [], groups: ['drivers'] } })
  furnishBays(drawing, { x: 1, y: 22.2 }, 20, { id: 'permit', letter: 'B' })
  furnishBays(drawing, { x: 1, y: 5.9 }, 20, { id: 'hall', letter: 'A' })
  furnishBays(drawing, { x: 1, y: 0.8 }, 20, { id: 'hall', letter: 'A' }, ['charger'])
  return drawing.finished()
}

function cafe (random: Random): Floor {
  const drawing = storey(0, 'Café', [
    nook('Café', 14), room('Säntis', 8, 'screen', 'video'), room('Altmann', 6, 'whiteboard'), BOOTHS, LIFTS, nook('Reception', 12)
  ], [
    { id: 'court', name: 'Court', letter: 'C', x: 24, y: 3.4, columns: 2, rows: 3, wide: 4, features: ['lively'] }
  ], random)
  furnishLounge(drawing, { x: 2, y: 16 }, 3)
  furnishLounge(drawing, { x: 2, y: 5 }, 4)
  furnishLockers(drawing, { x: 44, y: 22 }, 24)
  drawing.door([49, 0], [52, 0])
  return drawing.finished()
}

function people (random: Random): Floor {
  const drawing = storey(1, 'People', [
    room('Linde', 7, 'screen'), room('Ahorn', 7, 'screen', 'whiteboard'), room('Birke', 5, 'whiteboard'), BOOTHS, gap(0.6), LIFTS, nook('Kitchen', 7), room('Eibe', 10, 'screen', 'video', 'whiteboard')
  ], [north({ wide: 4 }), garden({ rows: 4, columns: 2, pitch: [8.6, 4.6], wide: 4, features: ['quiet'] })], random)
  furnishLockers(drawing, { x: 45, y: 2 }, 20)
  furnishLounge(drawing, { x: 46, y: 12 }, 2)
  return drawing.finished()
}

function sales (random: Random): Floor {
  const drawing = storey(2, 'Sales', [
    room('Rhein', 6, 'screen'), room('Thur', 5, 'screen'), room('Sitter', 5, 'whiteboard'), BOOTHS, BOOTHS, gap(0.4), LIFTS, nook('Kitchen', 6), room('Bodensee', 12, 'screen', 'video')
  ], [north({ rows: 4 }), garden({ features: ['lively'] }), river({ rows: 4, features: ['window', 'lively'] })], random)
  return drawing.finished()
}

function studio (random: Random): Floor {
  const drawing = storey(3, 'Studio', [
    room('Sparrow', 8, 'screen', 'whiteboard'), room('Wren', 6, 'whiteboard'), room('Robin', 6, 'screen'), room('Heron', 11, 'screen', 'video', 'whiteboard'), BOOTHS, gap(0.6), LIFTS
  ], [north({ rows: 4 }), garden(), river({ wide: 5, rows: 5 })], random)
  drawing.label([37.5, 15], 'Plotter')
  return drawing.finished()
}

function product (random: Random): Floor {
  const drawing = storey(4, 'Product', [
    room('Kepler', 7, 'screen', 'video'), room('Ceres', 5, 'whiteboard'), room('Vesta', 5, 'whiteboard'), BOOTHS, BOOTHS, gap(0.4), LIFTS, nook('Kitchen', 6), room('Orion', 9, 'screen', 'video', 'whiteboard')
  ], [
    north({ features: ['quiet'] }),
    garden(),
    { id: 'lab', name: 'Lab', letter: 'L', x: 44.6, y: 3.4, columns: 1, rows: 4, wide: 5, for: { people: [], groups: ['research', 'data'] }, features: ['oscilloscope'] }
  ], random)
  return drawing.finished()
}

/** Set back on the south-west, where the terrace is. */
function roof (random: Random): Floor {
  const drawing = new Drawing({ id: 'hq-5', site: 'hq', name: 'Roof', level: 5 }, '5', [[0, 13], [20, 13], [20, 0], [WIDTH, 0], [WIDTH, DEPTH], [0, DEPTH]])
  furnishFacade(drawing, ROOMS, [
    { part: 'room', name: 'Panorama', width: 13, features: ['screen', 'video', 'whiteboard'], for: { people: [], groups: ['leads'] } },
    room('Föhn', 6, 'screen'), room('Bise', 6, 'whiteboard'), BOOTHS, gap(2.4), LIFTS
  ])
  furnishDesks(drawing, { id: 'south', name: 'South', letter: 'S', x: 23, y: 3.4, columns: 2, rows: 3, wide: 4, features: ['window'] }, random)
  furnishDesks(drawing, river({ rows: 4 }), random)
  furnishLounge(drawing, { x: 2, y: 15.5 }, 4)
  drawing.label([10, 6], 'Terrace')
  drawing.door([14, 13], [16, 13])
  return drawing.finished()
}

/** The house in St. Gallen, from the parking level up. */
export function hqFloors (random: Random): Floor[] {
  return [parking(), ...[cafe, people, sales, studio, product, roof].map((draw, i) => draw(random.fork(i)))]
}
