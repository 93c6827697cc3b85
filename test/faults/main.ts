import type { Cleanup } from '../harness/cleanup.ts'
import { runBench } from './bench.ts'
import { FAULTS } from './faults.ts'
import { hunt, MUTATIONS } from './mutations.ts'
import { readOptions, USAGE, UsageError } from './options.ts'
import { reportOf } from './report.ts'

async function main (words: readonly string[]): Promise<number> {
  const options = readOptions(words)
  if (options === 'help') return say(USAGE, 0)
  if (options === 'list') return say(Object.keys(FAULTS).join('\n'), 0)
  if (options === 'mutations') return await mutations()
  const began = performance.now()
  say(`seed ${options.seed}, ${options.setting}, ${options.nodes} nodes, ${options.clients} clients`, 0)
  const { rounds, failure } = await cleanly(async t => await runBench(t, options, line => say(`${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${line}`, 0)))
  say(`\n${reportOf(rounds)}\n`, 0)
  return failure === null ? 0 : say(failure, 1)
}

/** How many were not found out. */
async function mutations (): Promise<number> {
  let missed = 0
  for (const [name, mutation] of Object.entries(MUTATIONS)) {
    const { failure, tookMs } = await cleanly(async t => await hunt(t, name, mutation))
    if (failure === null) missed++
    say(`${failure === null ? 'NOT FOUND' : 'found    '} ${(tookMs / 1_000).toFixed(0).padStart(3)} s  ${name}: ${failure?.slice(0, 300) ?? ''}`, 0)
  }
  return missed === 0 ? 0 : 1
}

async function cleanly<T> (run: (t: Cleanup) => Promise<T>): Promise<T> {
  const cleanups: Array<() => unknown> = []
  try {
    return await run({ after: fn => cleanups.push(fn) })
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
