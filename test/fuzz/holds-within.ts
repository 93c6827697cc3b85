import fc from 'fast-check'

/**
 * Holds an asynchronous property for random values, for so many runs or so long. A failure says its seed and path, and the smallest counterexample that was found:
 * `SEED=… SHRUNK=<path>` runs that one alone. `TIMES=20` looks twenty times as long.
 */
export async function holdsWithin<T> (property: fc.IAsyncProperty<T>, { runs, ms }: { runs: number, ms: number }): Promise<number> {
  const { SEED, SHRUNK, TIMES } = process.env
  const details = await fc.check(property, {
    numRuns: runs * Number(TIMES ?? 1),
    interruptAfterTimeLimit: ms * Number(TIMES ?? 1),
    markInterruptAsFailure: false,
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    ...(SHRUNK === undefined ? {} : { path: SHRUNK, endOnFailure: true })
  })
  if (!details.failed) return details.numRuns
  const { seed, counterexample, counterexamplePath, errorInstance, numShrinks } = details
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  throw new Error(`${why}\nSEED=${seed} SHRUNK=${counterexamplePath} (shrunk ${numShrinks} times):\n${JSON.stringify(counterexample)?.slice(0, 4_000)}`, { cause: errorInstance })
}
