import type { ClaimChange, ClaimRequest, Command, Done } from './command.ts'
import type { PerformOptions } from './commands.ts'
import type { Floor, FloorView, WatchOptions } from './floors.ts'
import type { Connection } from './freshness.ts'
import type { MyClaims } from './mine.ts'

export interface PerchEvents {
  connection: Connection
  mine: MyClaims
  /** Ids of claims of one's own that a fault has taken. */
  lost: readonly string[]
  /** Why an attempt to connect came to nothing, also by the token's provider: for a log. Another attempt follows. */
  failure: unknown
}

/** A client of one server. */
export interface Perch {
  readonly connection: Connection
  /** Of the server that was last connected to; null: none yet. A page that stays open for long loads itself anew when it is another. */
  readonly serverVersion: string | null
  /** Claims of whoever the token is of. */
  readonly mine: MyClaims
  /** Watches a floor until it is closed. Several times the same is one watch. */
  watch (floor: string, options?: WatchOptions): Floor
  /** A floor that is watched already, to look at. */
  floor (floor: string): FloorView | undefined
  /**
   * Asks for a space. Shown at once, and taken back if it comes to nothing. Repeated with the same id until there is an outcome.
   * @throws PerchError, as do the others
   */
  claim (request: ClaimRequest, options?: PerformOptions): Promise<Done>
  /** The holder is there. */
  checkIn (claim: string, options?: PerformOptions): Promise<Done>
  /** Gives it back. */
  release (claim: string, options?: PerformOptions): Promise<Done>
  /** Another end, another space, or both in one step. */
  change (claim: string, change: ClaimChange, options?: PerformOptions): Promise<Done>
  /** Any of these as plain data. */
  perform (command: Command, options?: PerformOptions): Promise<Done>
  /** Shows what a command would do, without asking for it, until the returned function is called. */
  preview (command: Command): () => void
  /** For a claim whose id has to be known beforehand. */
  newClaimId (): string
  /** The server's time in Unix milliseconds, as far as it is known: devices' clocks are often wrong. */
  now (): number
  /** The returned function ends it. */
  on<Name extends keyof PerchEvents> (event: Name, listener: (told: PerchEvents[Name]) => void): () => void
  /** Does not wait for the next attempt, and tries again where the server closed for good: somebody pressed a button, or there is another token. */
  reconnect (): void
  /** For good: commands under way are rejected, floors stay as they are. Safe to repeat. */
  close (): void
}
