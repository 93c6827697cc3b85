import { readFile } from 'node:fs/promises'
import type { Sample } from './checkers/bounds.ts'
import type { Installation } from './installation.ts'
import type { PerchSlot } from './perch-slot.ts'

const EVERY_MS = 2_000
/** A node that is paused is not waited for. */
const PATIENCE_MS = 1_000

/** Looks at every node now and then, until it is stopped. */
export class Sampling {
  readonly samples: Sample[] = []
  readonly #installation: Installation
  #timer: NodeJS.Timeout | null = null
  #looking: Promise<void> = Promise.resolve()

  constructor (installation: Installation) {
    this.#installation = installation
  }

  start (): void {
    this.#timer = setInterval(() => { this.#looking = this.look() }, EVERY_MS)
  }

  /** And a last time. */
  async stop (): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#looking
    await this.look()
  }

  async look (): Promise<void> {
    this.samples.push(...await Promise.all(this.#installation.nodes.filter(({ running }) => running).map(sampleOf)))
  }
}

async function sampleOf (node: PerchSlot): Promise<Sample> {
  const [memory, outbox] = await Promise.all([memoryOf(node.pid), outboxOf(node)])
  return { node: node.number, memory, outbox }
}

/** Null: it has just ended. */
async function memoryOf (pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

/** Null: it does not answer, or cannot reach the store. */
async function outboxOf ({ address: { url, token } }: PerchSlot): Promise<number | null> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { authorization: `Bearer ${token ?? ''}` } })
    const value = /^perch_outbox (\d+)/m.exec(await response.text())?.[1]
    return value === undefined ? null : Number(value)
  } catch {
    // It is away, paused or cut off: the next look tells.
    return null
  }
}
