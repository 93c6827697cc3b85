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
  /** As `take`, and it stays for whoever asks next. */
  look (name: string): Promise<string | null>
  /** The holder does something once more. False: they did `most` times within about `ttlMs` already. Apart from what they put down only by its name. */
  spend (holder: string, ttlMs: number, most: number): Promise<boolean>
  /** What was just spent does not count. */
  refund (holder: string, ttlMs: number): Promise<void>
  close (): Promise<void>
}
