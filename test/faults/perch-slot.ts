import type { ApiAddress } from '../../src/cli/seed/api.ts'
import { ADMIN_KEY } from '../e2e/installation.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { startPerch, type RunningPerch } from '../harness/perch.ts'
import { until } from '../harness/wait.ts'
import { signal } from './faulty-redis.ts'
import type { Link } from './link.ts'
import type { Inside } from './preload/preload.ts'

export interface SlotParts {
  number: number
  env: Record<string, string>
  inside: Inside | null
  /** From this node to lock nodes, and to Postgres. */
  lockLinks: readonly Link[]
  ledgerLink: Link
  /** Another build of Perch than dist/. */
  main?: string
}

/** Longer than any fault of Postgres. */
const STARTS_WITHIN_MS = 60_000
/** Processes of one place whose output is kept at hand. */
const MOST_KEPT = 4

/** The place of one node: processes come and go in it, each at another address. */
export class PerchSlot {
  readonly number: number
  readonly inside: Inside | null
  readonly lockLinks: readonly Link[]
  readonly ledgerLink: Link
  readonly #t: Cleanup
  readonly #parts: SlotParts
  #perch: RunningPerch | null = null
  #starting: Promise<RunningPerch> | null = null
  #before: RunningPerch[] = []

  constructor (t: Cleanup, parts: SlotParts) {
    this.#t = t
    this.#parts = parts
    this.number = parts.number
    this.inside = parts.inside
    this.lockLinks = parts.lockLinks
    this.ledgerLink = parts.ledgerLink
  }

  /** Of the last process in it, also when that has ended: whoever asks there is refused at once. */
  get address (): ApiAddress {
    return { url: this.#perch?.url ?? 'http://127.0.0.1:1', token: ADMIN_KEY }
  }

  get pid (): number {
    return this.#perch?.pid ?? 0
  }

  get running (): boolean {
    return this.#perch?.running ?? false
  }

  /** Resolves when it listens. One that runs, or is starting, is left alone. */
  async start (): Promise<void> {
    if (this.running) return
    this.#starting ??= this.#begin().finally(() => { this.#starting = null })
    this.#perch = await this.#starting
    if (this.#before.at(-1) !== this.#perch) this.#before = [...this.#before.slice(1 - MOST_KEPT), this.#perch]
  }

  /** A node that finds Postgres away says so and ends; whoever looks after it starts it again. */
  async #begin (): Promise<RunningPerch> {
    return await until(async () => await startPerch(this.#t, this.#parts.env, this.#parts.main), { what: 'the node starts', withinMs: STARTS_WITHIN_MS, everyMs: 500 })
  }

  async ready (withinMs: number): Promise<void> {
    await this.#perch?.ready(withinMs)
  }

  /** SIGKILL. Safe to repeat. */
  async kill (): Promise<void> {
    await this.#perch?.kill('SIGKILL')
  }

  /** SIGTERM, and until it has ended. */
  async stop (): Promise<void> {
    await this.#perch?.kill('SIGTERM')
  }

  pause (): void {
    signal(this.pid, 'SIGSTOP')
  }

  /** Safe to repeat. */
  resume (): void {
    if (this.running) signal(this.pid, 'SIGCONT')
  }

  /** What the last few processes printed. */
  async output (): Promise<string> {
    return (await Promise.all(this.#before.map(async perch => await perch.output()))).join('')
  }
}
