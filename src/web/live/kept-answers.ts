const CACHE = 'perch.answers'

/**
 * What the server last answered to these questions, for a screen that is switched on while the server is away: it knows at least the house that it hangs in. Nothing of who is where is
 * kept. A browser that keeps nothing, as without https, has none.
 */
export async function keptAnswer<Answer> (path: string): Promise<Answer | null> {
  try {
    const found = await (await caches.open(CACHE)).match(path)
    // Written by `keepAnswer`.
    return found === undefined ? null : await found.json() as Answer
  } catch {
    return null
  }
}

export async function keepAnswer (path: string, answer: unknown): Promise<void> {
  try {
    await (await caches.open(CACHE)).put(path, new Response(JSON.stringify(answer)))
  } catch { /* no room, or none at all: see above */ }
}

/** It is another's house from now on. */
export async function forgetAnswers (): Promise<void> {
  try {
    await caches.delete(CACHE)
  } catch { /* there were none */ }
}
