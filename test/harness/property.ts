import fc from 'fast-check'

/**
 * Holds a property for random values. A failure says its seed and path, and the smallest counterexample that was found, a line for each of its parts:
 * `SEED=… SHRUNK=<path>` runs that one alone. `TIMES=20` looks twenty times as long.
 */
export function holds<T> (property: fc.IProperty<T>, runs: number): void {
  fc.assert(property, { ...settingsOf(runs), reporter: details => { if (details.failed) throw failureOf(details) } })
}

/** The same of what takes its time. */
export async function holdsAlways<T> (property: fc.IAsyncProperty<T>, runs: number): Promise<void> {
  await fc.assert(property, { ...settingsOf(runs), asyncReporter: async details => { if (details.failed) throw failureOf(details) } })
}

function settingsOf (runs: number) {
  const { SEED, SHRUNK, TIMES } = process.env
  return {
    numRuns: runs * Number(TIMES ?? 1),
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
    ...(SHRUNK === undefined ? {} : { path: SHRUNK, endOnFailure: true })
  }
}

function failureOf <T> ({ seed, counterexample, counterexamplePath, errorInstance, numShrinks }: fc.RunDetails<T>): Error {
  const [cause, lines] = [errorInstance, Array.isArray(counterexample) ? counterexample.flatMap(linesOf) : []]
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Error(`${why}\nSEED=${seed} SHRUNK=${counterexamplePath} (shrunk ${numShrinks} times):\n${lines.join('\n')}`, { cause })
}

function linesOf (value: unknown): string[] {
  return Array.isArray(value) ? value.map(part => `  ${JSON.stringify(part)}`) : [JSON.stringify(value)]
}
