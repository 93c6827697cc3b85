const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** Resolves at the first signal; the next one ends the process at once, for whoever does not want to wait. */
export async function untilToldToEnd (): Promise<string> {
  return await new Promise(resolve => {
    let told = false
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (told) process.exit(130)
        told = true
        resolve(signal)
      })
    }
  })
}
