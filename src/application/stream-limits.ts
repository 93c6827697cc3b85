/** Bounds and times of the live stream. Bytes are what waits in this process and not yet in the kernel. */
export interface StreamLimits {
  /** A socket with more waiting is passed by: it owes only its position. */
  lowMarkBytes: number
  /** A socket with more waiting is closed TOO_SLOW. */
  highMarkBytes: number
  /** So is one that was passed by for this long. */
  behindMs: number
  /** A ring's pause after each walk, in which changes gather. */
  restMs: number
  /** Writes between two turns of the event loop; each further 4 KiB of a frame counts as one more. */
  writesPerTurn: number
  /** Diffs kept per ring: more than positions a million commits back are served from. */
  diffsCached: number

  pulseMs: number
  retry: { minMs: number, maxMs: number }
  /** A client's frame, in characters. */
  frameLength: number
  /** Frames of one session, on average; of two seconds at once. More are refused, and `refusalsPerSession` more end it. */
  framesPerSecond: number
  /** When one that was ended for asking too much may come back. */
  laterMs: { minMs: number, maxMs: number }
  watchesPerSession: number
  commandsPerSession: number
  /** Watches, unwatches and renewals of one session that wait for their turn. */
  queuedPerSession: number
  /** Requests refused as too many, with none answered in between, before the session is closed. */
  refusalsPerSession: number
  /** Drain: this many sessions are closed, then a pause, then the next. */
  drainWave: number
  drainPauseMs: number

  /** How often positions are compared with the store's. */
  confirmMs: number
  /** How long a message may be on its way before its absence is a loss. */
  inFlightMs: number
  /** Spaces per read. */
  pageSpaces: number
  /** Between two tries to read a floor: at first, at most; each with full jitter. */
  retryReadMs: { first: number, most: number }
  /** Messages kept while a floor is read. */
  messagesBuffered: number
  /** How long a floor is followed after its last watcher left. */
  lingerMs: number
  /** Floors that one node follows. */
  replicas: number

  /** Between two reads of one person's claims. */
  mineRestMs: number
  /** A person's claims are read again after this long, should the message of a change have been lost. */
  mineRefreshMs: number
  /** People whose claims are kept after their last socket left. */
  mineKept: number
}

export const STREAM_LIMITS: StreamLimits = {
  lowMarkBytes: 64 * 1024,
  highMarkBytes: 1024 * 1024,
  behindMs: 10_000,
  restMs: 10,
  writesPerTurn: 256,
  diffsCached: 192,
  pulseMs: 5_000,
  retry: { minMs: 250, maxMs: 3_000 },
  frameLength: 16 * 1024,
  framesPerSecond: 50,
  laterMs: { minMs: 5_000, maxMs: 30_000 },
  watchesPerSession: 64,
  commandsPerSession: 16,
  queuedPerSession: 64,
  refusalsPerSession: 64,
  drainWave: 500,
  drainPauseMs: 100,
  confirmMs: 3_000,
  inFlightMs: 250,
  pageSpaces: 200,
  retryReadMs: { first: 50, most: 2_000 },
  messagesBuffered: 10_000,
  lingerMs: 30_000,
  replicas: 2_000,
  mineRestMs: 100,
  mineRefreshMs: 60_000,
  mineKept: 20_000
}
