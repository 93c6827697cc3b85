import type { Clock } from './ports.ts'

/** What comes of it, or null when that takes longer than `ms`; what it comes to later is heard by nobody. */
export async function within<T> (clock: Clock, ms: number, asked: Promise<T>): Promise<T | null> {
  let cancel = (): void => {}
  const late = new Promise<null>(resolve => { cancel = clock.after(ms, () => { resolve(null) }) })
  try {
    return await Promise.race([asked, late])
  } finally {
    cancel()
  }
}
