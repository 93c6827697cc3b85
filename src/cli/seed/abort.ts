/** A signal that others can end as well; `done` lets go of them and of the time. */
export interface Limit {
  signal: AbortSignal
  done (): void
}

/**
 * Ends after `ms` (null: never), or with any of the others. Not AbortSignal.any over AbortSignal.timeout: on Node 20 that may be collected as garbage before its time has
 * come, and then never ends; and it leaves a listener on each of the others for as long as they live.
 */
export function limited (ms: number | null, ...others: readonly AbortSignal[]): Limit {
  const own = new AbortController()
  const stop = () => own.abort()
  const timer = ms === null ? undefined : setTimeout(() => own.abort(new Error('no answer in time')), ms)
  for (const other of others) {
    if (other.aborted) stop()
    else other.addEventListener('abort', stop, { once: true })
  }
  return {
    signal: own.signal,
    done () {
      clearTimeout(timer)
      for (const other of others) other.removeEventListener('abort', stop)
    }
  }
}
