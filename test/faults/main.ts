import { runBench } from './bench.ts'
import { FAULTS } from './faults.ts'
import { readOptions, USAGE, UsageError } from './options.ts'
import { reportOf } from './report.ts'

async function main (words: readonly string[]): Promise<number> {
  const options = readOptions(words)
  if (options === 'help') return say(USAGE, 0)
  if (options === 'list') return say(Object.keys(FAULTS).join('\n'), 0)
  const cleanups: Array<() => unknown> = []
  const began = performance.now()
  try {
    say(`seed ${options.seed}, ${options.setting}, ${options.nodes} nodes, ${options.clients} clients`, 0)
    const { rounds, failure } = await runBench({ after: fn => cleanups.push(fn) }, options, line => say(`${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${line}`, 0))
    say(`\n${reportOf(rounds)}\n`, 0)
    return failure === null ? 0 : say(failure, 1)
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup()
  }
}

function say (text: string, code: number): number {
  console.log(text)
  return code
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.exitCode = say(`${error.message}\n\n${USAGE}`, 2)
}
