import { PerchError } from '../domain/errors.ts'
import type { Commands } from './commands.ts'
import type { CommandMetrics } from './metrics.ts'
import type { Clock } from './ports.ts'

/** The same use cases, counted by what they came to. Readings count once for each, by the answer they got. */
export function measuredCommands (commands: Commands, metrics: CommandMetrics, clock: Clock): Commands {
  async function measured<T> (operation: string, run: () => Promise<T>): Promise<T> {
    const startedAt = clock.monotonic()
    try {
      const answer = await run()
      metrics.commanded(operation, 'ok', clock.monotonic() - startedAt)
      return answer
    } catch (error) {
      metrics.commanded(operation, error instanceof PerchError ? error.code : 'INTERNAL', clock.monotonic() - startedAt)
      throw error
    }
  }

  return {
    claim: async (principal, request) => await measured('claim', async () => await commands.claim(principal, request)),
    checkIn: async (principal, ...asked) => await measured('check-in', async () => await commands.checkIn(principal, ...asked)),
    release: async (principal, ...asked) => await measured('release', async () => await commands.release(principal, ...asked)),
    change: async (principal, claim, change) => await measured('change', async () => await commands.change(principal, claim, change)),
    arrive: async (principal, request) => await measured('arrive', async () => await commands.arrive(principal, request)),
    leave: async (principal, request) => await measured('leave', async () => await commands.leave(principal, request)),
    identify: async (principal, request) => await measured('identify', async () => await commands.identify(principal, request)),
    find: async (principal, claim) => await measured('find', async () => await commands.find(principal, claim)),
    claims: async (principal, query) => await measured('claims', async () => await commands.claims(principal, query)),
    block: async (principal, space, request) => await measured('block', async () => await commands.block(principal, space, request)),
    unblock: async (principal, space) => await measured('unblock', async () => await commands.unblock(principal, space)),
    async read (principal, request) {
      const startedAt = clock.monotonic()
      const answers = await commands.read(principal, request)
      const ms = (clock.monotonic() - startedAt) / answers.length
      for (const { error } of answers) metrics.commanded('read', error?.code ?? 'ok', ms)
      return answers
    }
  }
}
