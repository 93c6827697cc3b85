import type { Audience } from '../../src/domain/audience.ts'
import type { Frame } from '../../src/application/frame.ts'
import type { Principal } from '../../src/application/principal.ts'
import type { Session } from '../../src/application/session.ts'
import type { Socket } from '../../src/application/watcher.ts'
import type { CloseReason } from '../../src/protocol/close.ts'
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.ts'
import { fromMoment } from '../../src/protocol/time.ts'
import { ClientReplica } from '../harness/client-replica.ts'
import type { SimulatedNode } from './node.ts'
import type { Positions } from './positions.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import { HIDDEN_NAME } from './setting.ts'
import type { Verdict } from './verdict.ts'

const RETRY_MS = 250
const RECONNECT_MS = { least: 50, most: 1_000 }
/** Of the frames that move a position: every one's claims are looked at, the whole floor at this share of them. */
const LOOKED_AT_WHOLE = 0.3

export interface ViewerParts {
  scheduler: Scheduler
  verdict: Verdict
  positions: Positions
  principal: Principal
  floor: string
  /** What the principal may see; some ask for it by name, and then resume with a diff. */
  audience: Audience
  asks: boolean
  /** Any node that takes connections at present; null: none does. */
  anyNode (): SimulatedNode | null
}

/** A connection to a session, with a way there and a way back, each in order. What was not delivered yet is its backlog. */
class Line implements Socket {
  readonly process: Process
  readonly #scheduler: Scheduler
  readonly #viewer: { take (text: string, line: Line): void, ended (line: Line): void }
  session: Session | null = null
  /** Longest way of a frame to the client. */
  slowMs = 0
  /** Where the client was when it asked. */
  held: { epoch: number, seq: number } | null = null
  readonly #down: Frame[] = []
  readonly #up: ClientFrame[] = []
  #backlog = 0
  #open = true

  constructor (scheduler: Scheduler, process: Process, viewer: { take (text: string, line: Line): void, ended (line: Line): void }) {
    this.#scheduler = scheduler
    this.process = process
    this.#viewer = viewer
  }

  get backlog (): number {
    return this.#backlog
  }

  send (frame: Frame): void {
    if (!this.#open) return
    this.#down.push(frame)
    this.#backlog += frame.bytes
    this.#scheduler.after(this.#way() + this.slowMs, () => {
      const oldest = this.#down.shift()
      if (oldest === undefined) return
      this.#backlog -= oldest.bytes
      if (this.#open) this.#viewer.take(oldest.text, this)
    })
  }

  ask (frame: ClientFrame): void {
    this.#up.push(frame)
    this.process.after(this.#way(), () => {
      const oldest = this.#up.shift()
      if (oldest !== undefined && this.#open) this.session?.receive(oldest)
    })
  }

  close (_: CloseReason): void {
    this.#scheduler.after(this.#way(), () => this.#end())
  }

  /** The line is gone; each side hears of it in its own time. */
  cut (): void {
    const { session } = this
    this.process.after(this.#way(), () => session?.closed())
    this.#end()
  }

  #end (): void {
    if (!this.#open) return
    this.#open = false
    this.#viewer.ended(this)
  }

  #way (): number {
    return this.#scheduler.between(0.1, this.#scheduler.chance(0.95) ? 2 : 60)
  }
}

/** A screen that follows one floor, as PROTOCOL.md tells clients to. It comes back to any node with the position that it has. */
export class Viewer {
  readonly replica: ClientReplica
  readonly #parts: ViewerParts
  #line: Line | null = null
  #slowMs = 0
  #stopped = false

  constructor (parts: ViewerParts) {
    this.replica = new ClientReplica(parts.asks ? parts.audience : null)
    this.#parts = parts
  }

  connect (): void {
    const { scheduler, principal, anyNode } = this.#parts
    if (this.#line !== null || this.#stopped) return
    const node = anyNode()
    if (node === null) return this.#later()
    const line = new Line(scheduler, node.process, this)
    this.#line = line
    line.slowMs = this.#slowMs
    node.process.onEnd(() => scheduler.after(scheduler.between(0, 500), () => line.cut()))
    node.process.after(scheduler.between(0.1, 5), () => {
      if (this.#line !== line) return
      line.session = node.sessions.open({ principal, socket: line, address: '127.0.0.1' }, { mine: true })
      this.#watch(line)
    })
  }

  cut (): void {
    this.#line?.cut()
  }

  /** Frames take so much longer to it from now on. */
  slowDown (ms: number): void {
    this.#slowMs = ms
    if (this.#line !== null) this.#line.slowMs = ms
  }

  take (text: string, line: Line): void {
    if (this.#line !== line) return
    const { verdict, floor, scheduler } = this.#parts
    verdict.hold(!text.includes(HIDDEN_NAME), 'INV-7', () => `a frame tells of somebody hidden: ${text}`)
    const frame = JSON.parse(text) as ServerFrame
    if (frame.type === 'snapshot') this.#isNewEnough(frame, line)
    const answer = this.replica.receive(frame)
    if (answer !== null) line.ask(answer)
    if (frame.type === 'reply' && !frame.ok) scheduler.after(RETRY_MS, () => { if (this.#line === line) this.#watch(line) })
    if (frame.type === 'snapshot' || frame.type === 'diff') this.#isTrue(scheduler.chance(LOOKED_AT_WHOLE))
    if (frame.type === 'pulse' && frame.floors[floor] !== undefined) this.#isConfirmed(frame.floors[floor], line)
  }

  ended (line: Line): void {
    if (this.#line !== line) return
    this.#line = null
    this.#later()
  }

  /** Has what the store has now, all of it. */
  isCurrent (): boolean {
    const { floor, positions } = this.#parts
    const [has, latest] = [this.replica.floors.get(floor), positions.latest(floor)]
    return has !== undefined && latest !== undefined && has.epoch === latest.epoch && has.seq === latest.seq && this.#isTrue(true)
  }

  describe (): string {
    const { floor, positions, principal, audience } = this.#parts
    const [has, latest] = [this.replica.floors.get(floor), positions.latest(floor)]
    return `${principal.id} (${audience}) has ${floor} at ${has?.epoch}-${has?.seq}, the store at ${latest?.epoch}-${latest?.seq}; ${this.#line === null ? 'not connected' : `connected to ${this.#line.process.name}`}`
  }

  #later (): void {
    const { scheduler } = this.#parts
    scheduler.after(scheduler.between(RECONNECT_MS.least, RECONNECT_MS.most), () => this.connect())
  }

  #watch (line: Line): void {
    const { floor } = this.#parts
    line.held = this.replica.floors.get(floor) ?? null
    line.ask(this.replica.watch(floor))
  }

  /** "It never answers with an older snapshot." */
  #isNewEnough ({ epoch, seq }: { epoch: number, seq: number }, { held, process }: Line): void {
    this.#parts.verdict.hold(held === null || epoch > held.epoch || (epoch === held.epoch && seq >= held.seq), 'INV-6',
      () => `who had ${held?.epoch}-${held?.seq} is given a snapshot of ${epoch}-${seq} by ${process.name}`)
  }

  /** Whoever holds a position holds exactly that state for their audience. */
  #isTrue (whole: boolean): boolean {
    const { floor, positions, verdict, audience } = this.#parts
    const has = this.replica.floors.get(floor)
    if (has === undefined || !whole) return true
    const at = positions.at(floor, has)
    if (at === undefined) {
      verdict.fail('INV-6', `a screen is at ${floor} ${has.epoch}-${has.seq}, which never was`)
      return false
    }
    const views = positions.views(at, audience)
    for (const [id, view] of has.views) {
      if (views.get(id) === JSON.stringify(view)) continue
      verdict.fail('INV-6', `at ${floor} ${has.epoch}-${has.seq} ${audience} sees ${JSON.stringify(view)}, not ${views.get(id)}`)
      return false
    }
    verdict.hold(has.views.size === views.size, 'INV-6', () => `at ${floor} ${has.epoch}-${has.seq} ${audience} sees ${has.views.size} spaces of ${views.size}`)
    verdict.hold(JSON.stringify(has.counts) === positions.counts(at), 'INV-6', () => `at ${floor} ${has.epoch}-${has.seq} the counts are ${JSON.stringify(has.counts)}, not ${positions.counts(at)}`)
    return verdict.broken === null
  }

  /** A pulse says that nothing newer existed when the store was asked. */
  #isConfirmed ({ epoch, seq, checkedAt }: { epoch: number, seq: number, checkedAt: string }, { process }: Line): void {
    const { floor, positions, verdict } = this.#parts
    const asked = (fromMoment(checkedAt) ?? 0) - process.skewMs
    const next = positions.at(floor, { epoch, seq: seq + 1 })
    verdict.hold(next === undefined || next.since >= asked, 'INV-6', () => `${process.name} says that ${floor} was at ${epoch}-${seq} when there was more for ${asked - (next?.since ?? 0)} ms`)
    const has = this.replica.floors.get(floor)
    verdict.hold(has === undefined || has.epoch > epoch || (has.epoch === epoch && has.seq >= seq), 'INV-6', () => `a pulse says ${epoch}-${seq} to a screen at ${has?.epoch}-${has?.seq}`)
  }
}
