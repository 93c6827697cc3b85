import { setImmediate as turn } from 'node:timers/promises'
import type { Commands } from '../../src/application/commands.ts'
import { Hub } from '../../src/application/hub.ts'
import { Mine } from '../../src/application/mine.ts'
import type { Clock, Store } from '../../src/application/ports.ts'
import type { Limits } from '../../src/application/limits.ts'
import type { Authenticator, Principal } from '../../src/application/principal.ts'
import type { Session } from '../../src/application/session.ts'
import { Sessions } from '../../src/application/sessions.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { StreamMetrics } from '../../src/application/stream-metrics.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { HandClock } from '../stand-ins/clock.ts'
import type { Cleanup } from './cleanup.ts'
import { FakeSocket } from './fake-socket.ts'
import { ORG } from './floors.ts'
import { seeded } from './random.ts'

export const ADA: Principal = { org: ORG, id: 'person:ada', role: 'member', person: 'ada', site: null, expiresAt: null }
export const DISPLAY: Principal = { org: ORG, id: 'device:lobby', role: 'display', person: null, site: null, expiresAt: null }
/** Sees people, and is none: no claims of its own are followed. */
export const KIOSK: Principal = { org: ORG, id: 'device:kiosk', role: 'kiosk', person: null, site: null, expiresAt: null }
export const SENSOR: Principal = { org: ORG, id: 'device:sensor', role: 'sensor', person: null, site: null, expiresAt: null }

/** Every call fails until a test puts something in its place. */
export function noCommands (more: Partial<Commands> = {}): Commands {
  const missing = async (): Promise<never> => { throw new PerchError('INTERNAL') }
  return { claim: missing, checkIn: missing, release: missing, change: missing, arrive: missing, leave: missing, identify: missing, find: missing, claims: async () => [], block: missing, unblock: missing, read: missing, ...more }
}

/** A clock that says how many timers there are. */
export class CountedClock implements Clock {
  readonly #clock: HandClock
  timers = 0

  constructor (clock: HandClock) {
    this.#clock = clock
  }

  now (): number {
    return this.#clock.now()
  }

  monotonic (): number {
    return this.#clock.monotonic()
  }

  after (ms: number, run: () => void): () => void {
    let pending = true
    const over = () => {
      if (pending) this.timers--
      pending = false
    }
    this.timers++
    const cancel = this.#clock.after(ms, () => {
      over()
      run()
    })
    return () => {
      over()
      cancel()
    }
  }
}

/** What `StreamMetrics` heard. */
export class Tallies implements StreamMetrics {
  frames = 0
  bytes = 0
  open = 0
  watching = 0
  followed = 0
  passed = 0
  slow = 0
  gaps = 0
  reads = 0
  snapshots = 0

  sent (frames: number, bytes: number): void { this.frames += frames; this.bytes += bytes }
  sessions (by: number): void { this.open += by }
  watchers (by: number): void { this.watching += by }
  replicas (by: number): void { this.followed += by }
  passedBy (): void { this.passed++ }
  closedSlow (): void { this.slow++ }
  gap (): void { this.gaps++ }
  floorRead (): void { this.reads++ }
  snapshot (): void { this.snapshots++ }
}

export interface StreamNodeOptions {
  store: Store
  clock: HandClock
  commands?: Commands
  authenticator?: Authenticator
  limits?: Partial<StreamLimits>
  rates?: Limits
  seed?: number
}

/** The live stream of one node over any store, on the test's clock. Closed when `t` ends. */
export class StreamNode {
  readonly clock: CountedClock
  readonly metrics = new Tallies()
  readonly hub: Hub
  readonly mine: Mine
  readonly sessions: Sessions
  /** What the next person who comes has lost and was not told. */
  readonly untold: string[] = []
  /** Errors that were logged. */
  readonly errors: unknown[] = []

  constructor (t: Cleanup, { store, clock, commands = noCommands(), authenticator, limits = {}, rates, seed = 1 }: StreamNodeOptions) {
    this.clock = new CountedClock(clock)
    const log = { info () {}, warn () {}, error: (fields: object) => { this.errors.push(fields) } }
    const parts = { store, clock: this.clock, limits: { ...STREAM_LIMITS, ...limits }, metrics: this.metrics, log, random: seeded(seed), version: '1.2.3', commands, rates }
    this.hub = new Hub({ ...parts, soon: run => { setImmediate(run) } })
    this.mine = new Mine({ ...parts, untold: () => this.untold.splice(0) })
    const nobody: Authenticator = { authenticate: async () => { throw new PerchError('UNAUTHENTICATED') } }
    this.sessions = new Sessions({ ...parts, hub: this.hub, mine: this.mine, authenticator: authenticator ?? nobody })
    t.after(() => this.close())
  }

  /** A connection with its welcome. */
  connect (principal: Principal, socket = new FakeSocket()): { session: Session, socket: FakeSocket } {
    const session = this.sessions.open({ principal, socket, address: '127.0.0.1' }, { mine: true })
    return { session, socket }
  }

  close (): void {
    this.sessions.closeWhere(() => true, 'DRAINING')
    this.hub.close()
    this.mine.close()
  }
}

/** Lets everything that is under way without a timer come to rest: promises, messages, walks of rings. */
export async function rest (turns = 12): Promise<void> {
  for (let i = 0; i < turns; i++) await turn()
}

/** Time goes by in small steps, with whatever happens in them. */
export async function pass (clock: HandClock, ms: number, stepMs = 10): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    clock.pass(Math.min(stepMs, left))
    await rest(4)
  }
}
