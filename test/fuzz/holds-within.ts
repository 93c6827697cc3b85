import fc from 'fast-check'

/** Inputs of all properties together, when nobody asks for more. */
const TOGETHER = 20_000

/**
 * Holds an asynchronous property for random values, for so many runs or so long. A failure says its seed and path, and the smallest counterexample that was found:
 * `SEED=… SHRUNK=<path>` runs that one alone. `TIMES=20` looks twenty times as long; `FUZZ_RUNS=20000` takes so many inputs in all, however long
 * that is; an office remembers what it granted, so a million is quicker in fifty rounds.
 */
export async function holdsWithin<T> (property: fc.IAsyncProperty<T>, { runs, ms }: { runs: number, ms: number }): Promise<number> {
  const { SEED, SHRUNK, FUZZ_RUNS } = process.env
  const times = Number(FUZZ_RUNS === undefined ? process.env['TIMES'] ?? 1 : Number(FUZZ_RUNS) / TOGETHER)
  const details = await fc.check(property, {
    numRuns: Math.ceil(runs * times),
    ...(FUZZ_RUNS === undefined ? { interruptAfterTimeLimit: ms * times, markInterruptAsFailure: false } : {}),
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    ...(SHRUNK === undefined ? {} : { path: SHRUNK, endOnFailure: true })
  })
  if (!details.failed) return details.numRuns
  const { seed, counterexample, counterexamplePath, errorInstance, numShrinks } = details
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  throw new Error(`${why}\nSEED=${seed} SHRUNK=${counterexamplePath} (shrunk ${numShrinks} times):\n${JSON.stringify(counterexample)?.slice(0, 4_000)}`, { cause: errorInstance })
}
