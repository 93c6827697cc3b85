import type { ApiAddress } from '../../src/cli/seed/api.ts'
import { ADMIN_KEY } from '../e2e/installation.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { startPerch, type RunningPerch } from '../harness/perch.ts'
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
    this.#starting ??= startPerch(this.#t, this.#parts.env, this.#parts.main).finally(() => { this.#starting = null })
    this.#perch = await this.#starting
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

  async output (): Promise<string> {
    return await this.#perch?.output() ?? ''
  }
}
