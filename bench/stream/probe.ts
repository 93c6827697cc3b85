import { setTimeout as pause } from 'node:timers/promises'
import { Connection, httpRequest } from '../http-load.ts'

const EVERY_MS = 5

/** Somebody who asks a node for a sign of life all the time, from this process: how long is it away at most? */
export class Probe {
  readonly #done: Promise<number>
  #going = true

  constructor (url: string) {
    this.#done = this.#run(url)
    this.#done.catch(() => {})
  }

  /** Ends it: the longest answer, in milliseconds. */
  async end (): Promise<number> {
    this.#going = false
    return await this.#done
  }

  async #run (url: string): Promise<number> {
    const connection = await Connection.open(url)
    const request = httpRequest(url, 'GET', '/healthz', null)
    let most = 0
    while (this.#going) {
      const at = performance.now()
      await connection.ask(request)
      most = Math.max(most, performance.now() - at)
      await pause(EVERY_MS)
    }
    connection.close()
    return most
  }
}
