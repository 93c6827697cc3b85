import { useEffect, useRef, useState } from 'preact/hooks'
import type { FloorState } from '../live/floor-state.ts'
import type { FloorPlanned } from '../live/plans.ts'
import type { FloorCanvas } from '../plan/floor-canvas.ts'
import { FloorPlan } from '../plan/floor-plan.tsx'
import type { SpaceShape } from '../plan/shapes.ts'
import { fetchFont } from './late-font.ts'
import { PlanMover } from './plan-mover.ts'
import { firstOf, nextIn, type Direction } from './spatial.ts'
import { chooseSpace } from './visit.ts'
import { mapWords } from './words/words.ts'
import './plan-stage.css'

export interface PlanStageProps {
  state: FloorState
  planned: FloorPlanned
  /** Of the floor, in words. */
  label: string
  chosen: SpaceShape | null
  mine: ReadonlySet<string>
  wanted: ReadonlySet<string> | null
  /** A space in words. */
  describe: (space: SpaceShape) => string
  onEscape: () => void
}

const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }
const NO_MOTION = matchMedia('(prefers-reduced-motion: reduce)')

/** The plan that can be moved, touched and walked through by keyboard. What is drawn is said as well: of the space that one stands on, in words. */
export function PlanStage ({ state, planned, label, chosen, mine, wanted, describe, onEscape }: PlanStageProps) {
  const words = mapWords()
  const { shapes } = planned
  const mover = useRef<PlanMover | null>(null)
  const canvas = useRef<FloorCanvas | null>(null)
  const [focused, setFocused] = useState<SpaceShape | null>(null)
  const [isFocused, setIsFocused] = useState(false)
  const floorShown = useRef(shapes)
  const sized = useRef<ResizeObserver | null>(null)
  const chosenNow = useRef(chosen)
  chosenNow.current = chosen

  useEffect(() => {
    const before = floorShown.current
    floorShown.current = shapes
    if (before === shapes) return
    setFocused(null)
    if (before.id !== shapes.id) mover.current?.reshaped(shapes.box)
  }, [shapes])
  useEffect(() => { if (chosen !== null) mover.current?.see(chosen, true) }, [chosen?.id])

  const opened = (drawn: FloorCanvas | null, element: HTMLCanvasElement): void => {
    mover.current?.end()
    canvas.current = drawn
    mover.current = drawn === null ? null : new PlanMover(drawn, element, shapes.box, chosen, () => NO_MOTION.matches)
    sized.current?.disconnect()
    if (drawn === null) return
    sized.current = new ResizeObserver(() => {
      mover.current?.resized()
      if (chosenNow.current !== null) mover.current?.see(chosenNow.current, false)
    })
    sized.current.observe(element)
    const follow = (): void => { mover.current?.follow().catch(() => {}) }
    // Whoever has no picture yet has no use for fingers on it.
    state.floor.ready().then(() => {
      performance.mark('perch:live')
      fetchFont()
      follow()
    }, follow)
  }

  const key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const direction = DIRECTIONS[event.key]
    const candidates = wanted === null || wanted.size === 0 ? shapes.spaces : shapes.spaces.filter(({ id }) => wanted.has(id))
    if (direction !== undefined) {
      const next = focused === null ? chosen ?? firstOf(candidates) : nextIn(candidates, focused, direction)
      if (next !== null) step(next)
    } else if (event.key === 'Enter' || event.key === ' ') {
      const at = focused ?? firstOf(candidates)
      if (at !== null) open(at)
    } else if (event.key === '+' || event.key === '=') mover.current?.zoom('in')
    else if (event.key === '-') mover.current?.zoom('out')
    else if (event.key === '0') mover.current?.whole()
    else if (event.key === 'Escape') onEscape()
    else return
    event.preventDefault()
  }
  const step = (space: SpaceShape): void => {
    setFocused(space)
    mover.current?.see(space, true)
  }
  const open = (space: SpaceShape): void => {
    setFocused(space)
    chooseSpace(shapes.id, space.id)
    // The sheet is there by then.
    requestAnimationFrame(() => document.getElementById('space-title')?.focus())
  }
  const tap = (event: MouseEvent): void => {
    const space = canvas.current?.spaceAt({ x: event.offsetX, y: event.offsetY }) ?? null
    setFocused(space)
    if (space !== null || chosen !== null) chooseSpace(shapes.id, space?.id ?? null)
  }
  return (
    <div class='plan-stage'>
      <div
        id='plan' class='plan-ground' role='application' tabIndex={0} aria-label={words.planLabel(label)} aria-describedby='plan-help' onKeyDown={key} onClick={tap}
        onFocus={event => setIsFocused(event.currentTarget.matches(':focus-visible'))} onBlur={() => setIsFocused(false)}
      >
        <FloorPlan
          shapes={shapes} floor={state.floor} label={label} chosen={chosen?.id ?? null} focused={isFocused ? focused?.id ?? null : null} mine={mine} wanted={wanted}
          view={mover.current?.view ?? null} textPx={12} onCanvas={opened}
        />
      </div>
      <p id='plan-help' class='heard'>{words.planHelp}</p>
      <p class='heard' role='status'>{isFocused && focused !== null ? describe(focused) : ''}</p>
      <div class='plan-buttons'>
        <button type='button' aria-label={words.zoomIn} onClick={() => mover.current?.zoom('in')}><svg viewBox='0 0 20 20' aria-hidden='true'><path d='M10 4v12M4 10h12' /></svg></button>
        <button type='button' aria-label={words.zoomOut} onClick={() => mover.current?.zoom('out')}><svg viewBox='0 0 20 20' aria-hidden='true'><path d='M4 10h12' /></svg></button>
        <button type='button' aria-label={words.wholeFloor} onClick={() => mover.current?.whole()}><svg viewBox='0 0 20 20' aria-hidden='true'><path d='M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4' /></svg></button>
      </div>
    </div>
  )
}
