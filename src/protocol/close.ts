/** Why Perch closes a socket. 4000 to 4099: come back in the retry window. 4100 to 4199: coming back the same way would end the same way. */
export const closeCodes = {
  DRAINING: { code: 4000, reason: 'this server is going away' },
  TOO_SLOW: { code: 4001, reason: 'frames were not read in time' },
  IDLE: { code: 4002, reason: 'nothing was heard from you' },
  RELOAD: { code: 4003, reason: 'the session must be made anew' },
  RATE_LIMITED: { code: 4004, reason: 'too much was asked: come back later, in the window that was told' },
  BAD_FRAME: { code: 4100, reason: 'a frame was not well formed' },
  UNAUTHENTICATED: { code: 4101, reason: 'credentials are missing, expired or revoked' },
  FORBIDDEN: { code: 4102, reason: 'these credentials may not watch' },
  TOO_MANY_REQUESTS: { code: 4103, reason: 'too many requests wait for an answer' }
} as const

export type CloseReason = keyof typeof closeCodes
