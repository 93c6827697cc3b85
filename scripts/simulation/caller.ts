import { setTimeout as pause } from 'node:timers/promises'
import type { Turns } from '../../src/application/turns.ts'
import { Unreachable, type ApiAddress } from '../../src/cli/seed/api.ts'
import { fullJitter } from './backoff.ts'
import type { Answer, Command, Reply } from './command.ts'
import type { Figures } from './figures.ts'
import { sendOverHttp } from './http-way.ts'
import type { Journal } from './journal.ts'

/** One of the other ways to send a command than HTTP. */
export interface LiveWay {
  /** @throws Unreachable */
  send (command: Command): Promise<Reply>
}

export interface CallerParts {
  server: ApiAddress
  permits: Turns
  figures: Figures
  journal: Journal
  /** An app that is connected; null: none is. */
  app (): LiveWay | null
}

/** As long as a server may be away, recovering or behind; then a command is given up. */
const PATIENCE_MS = 90_000
const ATTEMPTS = 200
/** Share of the commands that apps send over their sockets. */
const OVER_SOCKETS = 0.3

/** Sends commands until they have an outcome: again with the same id, over whichever way, whenever the outcome is not known or may be another one soon. */
export class Caller {
  readonly #parts: CallerParts

  constructor (parts: CallerParts) {
    this.#parts = parts
  }

  async perform (command: Command): Promise<Answer> {
    const { figures, journal } = this.#parts
    journal.asks(command)
    if (command.call === 'claim') figures.asked++
    const answer = await this.#untilAnswered(command)
    switch (answer.state) {
      case 'done':
        if (command.call === 'claim') figures.granted++
        if (answer.persisted) {
          figures.persisted++
          journal.answered(answer.claim)
        } else figures.unpersisted++
        break
      case 'refused':
        figures.refusals.add(answer.code)
        break
      case 'unanswered':
        figures.unanswered++
        break
    }
    return answer
  }

  async #untilAnswered (command: Command): Promise<Answer> {
    const giveUpAt = performance.now() + PATIENCE_MS
    for (let attempt = 0; attempt < ATTEMPTS && performance.now() < giveUpAt; attempt++) {
      if (attempt > 0) await pause(fullJitter(attempt, 50, 2_000))
      const reply = await this.#attempt(command)
      if (reply.state === 'done' || !reply.retry) return reply
      this.#parts.figures.retries.add(reply.code)
    }
    return { state: 'unanswered' }
  }

  async #attempt (command: Command): Promise<Reply> {
    const { server, permits, figures } = this.#parts
    const app = Math.random() < OVER_SOCKETS ? this.#parts.app() : null
    return await permits.take(async () => {
      const began = performance.now()
      try {
        const reply = app === null ? await sendOverHttp(server, command) : await app.send(command)
        figures.took(command.call, performance.now() - began)
        return reply
      } catch (error) {
        if (error instanceof Unreachable) return { state: 'refused', code: 'UNREACHABLE', retry: true, alternatives: [] }
        throw error
      }
    })
  }
}
