/** Keeps the screen on while the page is seen; a browser that has no such thing is set up so by whoever hangs the screen. The returned function lets it go. */
export function keepAwake (): () => void {
  let lock: WakeLockSentinel | null = null
  let over = false
  const ask = async (): Promise<void> => {
    if (over || document.visibilityState !== 'visible' || !('wakeLock' in navigator) || lock?.released === false) return
    const got = await navigator.wakeLock.request('screen')
    if (over) await got.release()
    else lock = got
  }
  // Refused with a low battery, or without https: asked again whenever it is seen anew.
  const look = (): void => { ask().catch(() => {}) }
  look()
  document.addEventListener('visibilitychange', look)
  return () => {
    over = true
    document.removeEventListener('visibilitychange', look)
    lock?.release().catch(() => {})
  }
}
