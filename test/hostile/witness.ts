import assert from 'node:assert/strict'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { httpClient, type HttpClient } from '../e2e/http.ts'
import { WebSocketClient } from '../transports/live/web-socket-client.ts'
import type { ApiAddress } from '../../src/cli/seed/api.ts'

/** Between two requests: as a busy page asks, and no more than one principal may. */
const EVERY_MS = 20

/** Somebody who does nothing wrong: asks for a floor again and again, and watches it. */
export class Witness {
  readonly #http: HttpClient
  readonly #watching: WebSocketClient
  readonly #path: string
  #asked = 0

  private constructor (http: HttpClient, watching: WebSocketClient, path: string) {
    this.#http = http
    this.#watching = watching
    this.#path = path
  }

  static async open (t: Cleanup, server: ApiAddress, floor: string): Promise<Witness> {
    const watching = new WebSocketClient(t, Number(new URL(server.url).port), server.token)
    await until(() => watching.of('welcome').length === 1, { what: 'the welcome of the witness' })
    watching.send({ type: 'watch', id: 'witness', floor })
    await until(() => watching.of('snapshot').length === 1, { what: 'the snapshot of the witness' })
    return new Witness(httpClient(t, server), watching, `/v1/floors/${floor}/state`)
  }

  /** Milliseconds of one request. @throws AssertionError when it was not served */
  async ask (): Promise<number> {
    const begun = performance.now()
    const { status } = await this.#http.ask('GET', this.#path)
    assert.equal(status, 200, 'the witness is served')
    this.#asked++
    return performance.now() - begun
  }

  /** What each request took while `work` went on, or so many of them. @throws AssertionError when one was not served, or the live stream has ended */
  async during (work: Promise<unknown>, least = 0): Promise<number[]> {
    const took: number[] = []
    const state = { over: false }
    const done = work.finally(() => { state.over = true })
    // Whoever waits for it hears of it; until then it is nobody's.
    done.catch(() => {})
    while (!state.over || took.length < least) {
      took.push(await this.ask())
      await new Promise(resolve => setTimeout(resolve, EVERY_MS))
    }
    await done
    assert.equal(this.#watching.gone, false, 'the witness goes on watching')
    return took
  }
}

/** The time that 99 of 100 stayed below. */
export function p99 (took: readonly number[]): number {
  return [...took].sort((a, b) => a - b)[Math.max(0, Math.ceil(took.length * 0.99) - 1)] ?? 0
}
