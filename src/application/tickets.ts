/** What a node puts down for another, or itself, to take up once. */
export interface TicketNote {
  /** What it is found by: nothing that lets anybody in. */
  name: string
  /** Whose it is, for the count; names no person. */
  holder: string
  body: string
}

/**
 * Notes that all nodes share, and that are gone after `ttlMs` or with the first who takes them. May be lost with the live state: whoever misses one asks for another. Every call
 * throws RECOVERING while the live state is out of reach.
 */
export interface Tickets {
  /** False: the holder has put down `most` within about `ttlMs` already, and this one was not. */
  put (note: TicketNote, ttlMs: number, most: number): Promise<boolean>
  /** Of all who ask, on however many nodes, one gets it; null: there is none, or none any more. */
  take (name: string): Promise<string | null>
  close (): Promise<void>
}
