import type { Commands } from './commands.ts'
import type { Limits } from './limits.ts'

/** The same use cases, and each principal gets so many claims and so many wrong PINs in a time, whatever transport it comes by. */
export function limitedCommands (commands: Commands, limits: Limits): Commands {
  return {
    ...commands,
    async claim (principal, request) {
      limits.claim(principal)
      const { person } = request
      const claim = async () => await commands.claim(principal, request)
      return typeof person === 'object' && 'pin' in person ? await limits.tryingPin(principal, claim) : await claim()
    },
    async change (principal, claim, change) {
      limits.claim(principal)
      return await commands.change(principal, claim, change)
    }
  }
}
