import { pause } from './insist.ts'

/** Milliseconds between two looks, somewhat more or less. */
const LOOK_MS = 5 * 60_000

/** Names of the built files that a page refers to: each has a hash of what is in it. */
export function assetsOf (html: string): ReadonlySet<string> {
  return new Set(Array.from(html.matchAll(/assets\/([\w.-]+)/g), ([, name = '']) => name))
}

/** Whether the server has another build of a page than the one that was `loaded`. An answer that names no files is somebody else's, like a login page of the network. */
export function isAnother (html: string, loaded: ReadonlySet<string>): boolean {
  return [...assetsOf(html)].some(name => !loaded.has(name))
}

export interface NewBuildParts {
  /** Whether nobody could tell if the page went away for a second. */
  unseen (): boolean
  /** Milliseconds until it is best to reload. Asked once for each page. */
  waitMs (): number
}

/** Takes a new version of the page when nobody minds, and only while the server answers. The returned function ends it. */
export function takeNewBuilds ({ unseen, waitMs }: NewBuildParts): () => void {
  const end = new AbortController()
  const loaded = assetsOf(document.documentElement.outerHTML)
  let at: number | null = null
  const look = async (): Promise<void> => {
    while (!end.signal.aborted) {
      await pause(LOOK_MS * (0.75 + Math.random() / 2), end.signal)
      const html = await pageOf(end.signal)
      if (html === null || !isAnother(html, loaded)) continue
      at ??= Date.now() + waitMs()
      if (unseen() || Date.now() >= at) location.reload()
    }
  }
  look().catch(() => {})
  return () => end.abort()
}

/** This page, as the server has it now. Null: it does not answer, or not with a page. */
export async function pageOf (signal: AbortSignal): Promise<string | null> {
  try {
    const answer = await fetch(location.pathname, { cache: 'no-cache', signal })
    return answer.ok ? await answer.text() : null
  } catch {
    return null
  }
}
