import type { Eligible } from '../../domain/space.ts'
import type { Box, Drawing } from './drawing.ts'
import type { Random } from './random.ts'

/** Metres. */
const DESK = { width: 1.6, depth: 0.8 }
const BAY = { width: 2.5, depth: 5 }
const LOCKER = { width: 0.4, depth: 0.5 }

/** Blocks of desks, in pairs that face each other, in columns and rows; `x` and `y` are the lower left corner of the lower left block. */
export interface DeskZone {
  id: string
  name: string
  letter: string
  x: number
  y: number
  columns: number
  rows: number
  /** Desks along one side of a block. */
  wide: number
  /** From block to block; default 9 and 4.6 m. */
  pitch?: readonly [x: number, y: number]
  features?: readonly string[]
  for?: Eligible
}

/** From the top left block to the lower right one, and so within each: desk 1 is where reading begins. */
export function furnishDesks (drawing: Drawing, zone: DeskZone, random: Random): void {
  const [dx, dy] = zone.pitch ?? [9, 4.6]
  const width = zone.wide * DESK.width
  const depth = 2 * DESK.depth
  drawing.zone(
    { x: zone.x - 0.9, y: zone.y - 1.2, width: (zone.columns - 1) * dx + width + 1.8, height: (zone.rows - 1) * dy + depth + 2.4 },
    { id: zone.id, name: zone.name, for: zone.for ?? null }
  )
  for (let row = zone.rows - 1; row >= 0; row--) {
    for (let column = 0; column < zone.columns; column++) {
      // Whole blocks were bought alike.
      const block = [...random.chance(0.35) ? ['standing'] : [], ...random.chance(0.6) ? ['two-screens'] : []]
      for (let desk = 0; desk < 2 * zone.wide; desk++) {
        const [side, along] = [Math.floor(desk / zone.wide), desk % zone.wide]
        const box: Box = { x: zone.x + column * dx + along * DESK.width, y: zone.y + row * dy + (1 - side) * DESK.depth, width: DESK.width, height: DESK.depth }
        const number = String(drawing.number(zone.letter)).padStart(2, '0')
        drawing.space('d', box, {
          label: `${drawing.sign}-${zone.letter}-${number}`, kind: 'desk', zone: zone.id, features: [...block, ...zone.features ?? []], for: null, sensorOnly: false
        })
      }
    }
  }
}

/** What stands side by side along a façade, from left to right. Booths stand two deep, one above the other. */
export type FacadePart =
  | { part: 'room', name: string, width: number, features: readonly string[], for?: Eligible }
  | { part: 'booths', width: number }
  | { part: 'core', width: number, text: string }
  | { part: 'nook', width: number, text: string }
  | { part: 'gap', width: number }

/** `at` is the strip's left end; `depth` how far it reaches into the floor, downwards from `at.y + depth`. */
export function furnishFacade (drawing: Drawing, at: { x: number, y: number, depth: number }, parts: readonly FacadePart[]): void {
  let { x } = at
  for (const part of parts) {
    const box: Box = { x, y: at.y, width: part.width, height: at.depth }
    switch (part.part) {
      case 'room':
        drawing.space('r', box, { label: part.name, kind: 'room', zone: null, features: part.features, for: part.for ?? null, sensorOnly: false })
        drawing.door([x + 0.6, at.y], [x + 1.5, at.y])
        break
      case 'booths':
        for (const upper of [1, 0]) {
          drawing.space('b', { ...box, y: at.y + upper * at.depth / 2, height: at.depth / 2 }, {
            label: `Booth ${drawing.number('booth')}`, kind: 'booth', zone: null, features: ['phone'], for: null, sensorOnly: false
          })
        }
        break
      case 'core':
        drawing.core(box, part.text)
        break
      case 'nook':
        drawing.wall([[x, at.y + at.depth], [x, at.y], [x + part.width / 3, at.y]])
        drawing.label([x + part.width / 2, at.y + at.depth / 2], part.text)
        break
      case 'gap':
        break
    }
    x += part.width
  }
}

/** A row of bays, numbered on. */
export function furnishBays (drawing: Drawing, at: { x: number, y: number }, count: number, zone: { id: string, letter: string }, features: readonly string[] = []): void {
  for (let i = 0; i < count; i++) {
    // Two pillars after every sixth bay's place.
    const x = at.x + i * BAY.width + Math.floor(i / 6) * 0.6
    const number = String(drawing.number(zone.letter)).padStart(2, '0')
    drawing.space('p', { x, y: at.y, width: BAY.width, height: BAY.depth }, {
      label: `${drawing.sign}-${zone.letter}-${number}`, kind: 'parking', zone: zone.id, features, for: null, sensorOnly: false
    })
  }
}

export function furnishLockers (drawing: Drawing, at: { x: number, y: number }, count: number): void {
  for (let i = 0; i < count; i++) {
    const number = String(drawing.number('L')).padStart(2, '0')
    drawing.space('k', { x: at.x + i * LOCKER.width, y: at.y, width: LOCKER.width, height: LOCKER.depth }, {
      label: `${drawing.sign}-L-${number}`, kind: 'locker', zone: null, features: [], for: null, sensorOnly: false
    })
  }
}

/** Seats that nobody claims: a sensor tells whether somebody sits there. They stand around low tables of four. */
export function furnishLounge (drawing: Drawing, at: { x: number, y: number }, tables: number): void {
  for (let seat = 0; seat < 4 * tables; seat++) {
    const [table, corner] = [Math.floor(seat / 4), seat % 4]
    const box: Box = { x: at.x + table * 4 + (corner % 2) * 1.7, y: at.y + Math.floor(corner / 2) * 1.7, width: 0.8, height: 0.8 }
    drawing.space('s', box, { label: `Seat ${drawing.number('seat')}`, kind: 'desk', zone: null, features: ['lounge'], for: null, sensorOnly: true })
  }
}
