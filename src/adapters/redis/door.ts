import { performance } from 'node:perf_hooks'
import { PerchError } from '../../domain/errors.ts'
import type { ErrorCode } from '../../domain/errors.ts'
import { assertUsable, firstReady } from './connection.ts'
import type { Client } from './connection.ts'
import { failureOf, isNoScript } from './failure.ts'
import { readScripts } from './scripts.ts'
import type { Script, ScriptName } from './scripts.ts'

/** Told of every call when it is over, for metrics: a script's or command's name, how it ended, and how long it took. */
export type OnCall = (name: string, outcome: 'ok' | ErrorCode, ms: number) => void

/** The one way to the server: runs scripts and commands, and gives PerchErrors for whatever goes wrong. */
export class Door {
  readonly client: Client
  readonly #scripts: ReadonlyMap<ScriptName, Script>
  readonly #onCall: OnCall | undefined
  #opening: Promise<void> | null

  constructor (client: Client, timeoutMs: number, onCall: OnCall | undefined) {
    this.client = client
    this.#scripts = readScripts()
    this.#onCall = onCall
    this.#opening = firstReady(client, timeoutMs).then(() => { this.#opening = null })
  }

  /** Runs a script: its keys, then its arguments. NOSCRIPT (the server is new, or its scripts were flushed) means that nothing ran: the text is sent. */
  run (name: ScriptName, args: readonly string[]): Promise<unknown> {
    const script = this.#scripts.get(name)
    if (script === undefined) throw new PerchError('INTERNAL')
    return this.ask(name, async client => {
      try {
        return await client.evalsha(script.sha, script.keys, ...args)
      } catch (error) {
        if (!isNoScript(error)) throw error
        return await client.eval(script.lua, script.keys, ...args)
      }
    })
  }

  /** Runs plain commands. @throws as failureOf says */
  async ask<T> (name: string, run: (client: Client) => Promise<T>): Promise<T> {
    const began = this.#onCall === undefined ? 0 : performance.now()
    try {
      if (this.#opening !== null) await this.#opening
      assertUsable(this.client)
      const reply = await run(this.client)
      this.#onCall?.(name, 'ok', performance.now() - began)
      return reply
    } catch (error) {
      const failure = failureOf(error, name === 'commit')
      this.#onCall?.(name, failure.code, performance.now() - began)
      throw failure
    }
  }
}
