import type { Samples } from '../adapters/prometheus/samples.ts'
import type { Clock } from '../application/ports.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** What a worker of node:cluster has of it. */
export interface Channel {
  on (event: 'message', heard: (message: ToWorker) => void): unknown
  send (message: FromWorker, sent: () => void): unknown
  isConnected (): boolean
  disconnect (): unknown
}

/** Longer than the others have for their samples. */
const SCRAPED_MS = 3_000

/** A worker's line to the process that looks after it. Should that one end, Node ends the worker. */
export class PrimaryLink {
  readonly #begun: Promise<number>
  /** Why it shall end now: most times a signal. */
  readonly told: Promise<string>
  readonly #channel: Channel
  readonly #clock: Clock
  readonly #scrapes = new Map<number, (page: string | null) => void>()
  readonly #samples: () => Promise<Samples>
  #scrapesMade = 0

  constructor (channel: Channel, { clock, samples }: { clock: Clock, samples: () => Promise<Samples> }) {
    this.#channel = channel
    this.#clock = clock
    this.#samples = samples
    let [begin, drain] = [(_: number): void => {}, (_: string): void => {}]
    this.#begun = new Promise(resolve => { begin = resolve })
    this.told = new Promise(resolve => { drain = resolve })
    // Our own program of the same release is at the other end.
    channel.on('message', message => {
      switch (message.say) {
        case 'begin': return begin(message.worker)
        case 'drain': return drain(message.why)
        case 'sample': return this.#sample(message.id)
        case 'scraped': return this.#scrapes.get(message.id)?.(message.page)
      }
    })
  }

  /** Which of the workers this is. Asked for, since a message that came before this process listened would be lost. */
  async begin (): Promise<number> {
    await this.tell({ say: 'here' })
    return await this.#begun
  }

  /** Resolves when it is on its way; a line that is cut takes nothing any more, and ends this process. */
  async tell (message: FromWorker): Promise<void> {
    if (!this.#channel.isConnected()) return
    await new Promise<void>(resolve => { this.#channel.send(message, () => resolve()) })
  }

  /** The metrics of all workers. @throws Error when they cannot be had in time: half of a machine would look like a drop */
  async scrape (): Promise<string> {
    const id = ++this.#scrapesMade
    const page = await new Promise<string | null>(resolve => {
      const cancel = this.#clock.after(SCRAPED_MS, () => resolve(null))
      this.#scrapes.set(id, page => {
        cancel()
        resolve(page)
      })
      this.tell({ say: 'scrape', id }).catch(() => resolve(null))
    })
    this.#scrapes.delete(id)
    if (page === null) throw new Error('the metrics of the other workers could not be had')
    return page
  }

  /** Nothing keeps this process any more. */
  leave (): void {
    this.#channel.disconnect()
  }

  #sample (id: number): void {
    this.#samples()
      .then(async samples => await this.tell({ say: 'samples', id, samples }))
      // Whoever waits for them goes on without.
      .catch(() => {})
  }
}
