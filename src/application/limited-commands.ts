import type { PersonRef } from '../protocol/requests.ts'
import type { Commands } from './commands.ts'
import type { Limits } from './limits.ts'
import type { Principal } from './principal.ts'

/** The same use cases, and each principal gets so many claims, and so many badges and PINs that are nobody's, in a time, whatever transport it comes by. */
export function limitedCommands (commands: Commands, limits: Limits): Commands {
  /** What is shown is tried; an id alone needs rights and no luck. */
  const showing = async <T>(principal: Principal, person: PersonRef | undefined, work: () => Promise<T>): Promise<T> =>
    typeof person === 'object' ? await limits.tryingPerson(principal, 'pin' in person ? 'pin' : 'badge', work) : await work()

  return {
    ...commands,
    async claim (principal, request) {
      limits.claim(principal)
      return await showing(principal, request.person, async () => await commands.claim(principal, request))
    },
    async change (principal, claim, change) {
      limits.claim(principal)
      return await commands.change(principal, claim, change)
    },
    arrive: async (principal, request) => await showing(principal, request.person, async () => await commands.arrive(principal, request)),
    leave: async (principal, request) => await showing(principal, request.person, async () => await commands.leave(principal, request)),
    identify: async (principal, request) => await showing(principal, request, async () => await commands.identify(principal, request))
  }
}
