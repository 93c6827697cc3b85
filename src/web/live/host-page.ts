/** Where a page of somebody else's shows this one in a frame, it says who looks at it. docs/embedding.md has the messages. */
export interface HostPage {
  /** Says that a token is wanted. One may also come unasked. */
  ask (): void
  /** The last one was not taken. */
  refuse (code: string): void
  close (): void
}

export function isFramed (): boolean {
  return window.parent !== window
}

/** `onToken` gets each token that comes from the page around this one, if that is of one of the `origins`; whatever anybody else says is not heard. */
export function openHostPage (origins: readonly string[], onToken: (token: string) => void): HostPage {
  const end = new AbortController()
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || !origins.includes(origin) || typeof data !== 'object' || data === null) return
    const { type, token } = data as { type?: unknown, token?: unknown }
    if (type === 'perch:token' && typeof token === 'string') onToken(token)
  }, { signal: end.signal })
  // Whoever it is may hear these: there is nothing in them.
  const say = (message: object): void => window.parent.postMessage(message, '*')
  return {
    ask: () => say({ type: 'perch:ready' }),
    refuse: code => say({ type: 'perch:refused', code }),
    close: () => end.abort()
  }
}
