/** One thing that was looked at. `mend` says what to do; null where there is nothing to do. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  what: string
  mend: string | null
}

export const ok = (what: string): Finding => ({ level: 'ok', what, mend: null })
/** It works, but costs something on a bad day. */
export const warn = (what: string, mend: string): Finding => ({ level: 'warn', what, mend })
/** Perch does not work, or loses what it promises to keep. */
export const fail = (what: string, mend: string): Finding => ({ level: 'fail', what, mend })

/** Why something could not be looked at: the driver's words, which hold no password. */
export function reasonOf (error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

/** Milliseconds that two machines' clocks may differ before it is worth a word. */
const SKEW_MS = 500

/** Compares another machine's clock with this one's. `now`: in the middle of asking. */
export function clockFinding (whose: string, theirs: number, now: number): Finding {
  const skewMs = Math.round(theirs - now)
  if (Math.abs(skewMs) <= SKEW_MS) return ok(`${whose}: its clock agrees with this machine's`)
  return warn(`${whose}: its clock is ${Math.abs(skewMs)} ms ${skewMs > 0 ? 'ahead of' : 'behind'} this machine's`, 'run NTP on both: claims stay safe, but deadlines and "now" are off')
}
