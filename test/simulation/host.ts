import type { GuardMode } from '../../src/application/guarding.ts'
import type { Hub, HubParts } from '../../src/application/hub.ts'
import type { Directory } from '../../src/application/directory.ts'
import type { Guard, Ledger, Store } from '../../src/application/ports.ts'
import type { Victim } from './faults.ts'
import { linkedDirectory, linkedGuard, linkedLedger, linkedStore, type Post } from './linked.ts'
import { startNode, type SimulatedNode } from './node.ts'
import { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'
import type { Service } from './service.ts'
import type { Verdict } from './verdict.ts'

/** How far a node's clock may be off. */
const SKEW_MS = 60_000

export interface HostParts {
  scheduler: Scheduler
  verdict: Verdict
  services: Record<'store' | 'ledger' | 'guard', Service>
  directory: Directory
  guard: Guard
  guardMode: GuardMode
  ledger: Ledger
  /** The server's side of the store. */
  server: Store
  wiring: { store (store: Store): Store, hub (parts: HubParts): Hub }
}

/** A machine on which one node lives after the other. */
export class SimulatedHost implements Victim {
  readonly name: string
  post: Post = { loses: 0, repeats: 0.01 }
  readonly #parts: HostParts
  #node: SimulatedNode | null = null
  #lives = 0
  #stopping = false

  constructor (parts: HostParts, name: string) {
    this.#parts = parts
    this.name = name
  }

  get process (): Process | null {
    return this.#node?.process ?? null
  }

  get node (): SimulatedNode | null {
    return this.#node
  }

  isUp (): boolean {
    return this.#node !== null
  }

  /** A paused one still takes them, and does not answer. */
  takesConnections (): SimulatedNode | null {
    return this.#stopping ? null : this.#node
  }

  boot (): void {
    if (this.#node !== null) return
    const { scheduler, verdict, services, directory, guard, guardMode, ledger, server, wiring } = this.#parts
    const process = new Process(scheduler, `${this.name}.${++this.#lives}`, scheduler.chance(0.5) ? 0 : Math.floor(scheduler.between(-SKEW_MS, SKEW_MS)))
    this.post = { ...this.post, loses: 0 }
    this.#stopping = false
    scheduler.note(process.name, () => `starts, its clock off by ${process.skewMs} ms`)
    this.#node = startNode({
      scheduler,
      process,
      store: wiring.store(linkedStore(server, services.store, process, scheduler, this.post)),
      ledger: linkedLedger(ledger, services.ledger, process),
      directory: linkedDirectory(directory, services.ledger, process),
      guard: linkedGuard(guard, services.guard, process),
      guardMode,
      hub: wiring.hub,
      watch: { recovery: (_, step, detail) => scheduler.note(process.name, () => `recovery: ${step} ${JSON.stringify(detail)}`) },
      wrong: error => verdict.fail('error', `${process.name}: ${textOf(error)}`)
    })
  }

  crash (downMs: number): void {
    if (this.#node === null) return
    this.#parts.scheduler.note(this.#node.process.name, () => 'is gone')
    this.#node.process.end()
    this.#node = null
    this.#parts.scheduler.after(downMs, () => this.boot())
  }

  pause (ms: number): void {
    this.#node?.process.pause(ms)
  }

  stop (downMs: number): void {
    const node = this.#node
    if (node === null || this.#stopping) return
    this.#stopping = true
    const end = async (): Promise<void> => {
      await node.sessions.drain()
      await node.perch.stop()
    }
    const gone = (): void => { if (this.#node === node) this.crash(downMs) }
    end().then(gone, (error: unknown) => this.#parts.verdict.fail('error', `${node.process.name} stops: ${textOf(error)}`))
    // Whoever runs it does not wait for ever.
    this.#parts.scheduler.after(5_000, gone)
  }

  heal (): void {
    this.post.loses = 0
    this.boot()
  }
}

function textOf (error: unknown): string {
  if (error instanceof Error) return error.stack ?? error.message
  return typeof error === 'object' && error !== null && 'err' in error ? `${JSON.stringify(error)} ${textOf(error.err)}` : String(error)
}
