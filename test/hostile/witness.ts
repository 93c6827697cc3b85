import assert from 'node:assert/strict'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ApiAddress } from '../../src/cli/seed/api.ts'
import type { Cleanup } from '../harness/cleanup.ts'

interface Testimony {
  /** Milliseconds of each request. */
  took: number[]
  /** Requests that were not answered with 200. */
  refused: number
  /** The live stream has not ended. */
  watching: boolean
}

/** Somebody who does nothing wrong, in a process of its own, so that what it measures is not the attacker's work: asks for a floor again and again, and watches it. */
export class Witness {
  readonly #process: ChildProcess

  private constructor (child: ChildProcess) {
    this.#process = child
  }

  static async open (t: Cleanup, { url, token }: ApiAddress, floor: string): Promise<Witness> {
    const child = fork(fileURLToPath(new URL('witness-main.ts', import.meta.url)), [url, String(token), floor], { execArgv: ['--import', 'tsx'] })
    t.after(() => child.kill('SIGKILL'))
    const [said] = await once(child, 'message') as [unknown]
    assert.equal(said, 'ready')
    return new Witness(child)
  }

  /** What each request took while `work` went on. @throws AssertionError when one was not served, or the live stream has ended */
  async during (work: () => Promise<unknown>): Promise<number[]> {
    this.#process.send('begin')
    await work()
    const told = once(this.#process, 'message')
    this.#process.send('end')
    const [{ took, refused, watching }] = await told as [Testimony]
    assert.deepEqual({ refused, watching }, { refused: 0, watching: true }, 'the witness goes on being served')
    return took
  }
}

/** The time that 99 of 100 stayed below. */
export function p99 (took: readonly number[]): number {
  return [...took].sort((a, b) => a - b)[Math.max(0, Math.ceil(took.length * 0.99) - 1)] ?? 0
}
