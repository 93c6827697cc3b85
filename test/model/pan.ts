import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Search } from './searches.ts'

const model = fileURLToPath(new URL('perch.pml', import.meta.url))
const run = promisify(execFile)

/** Where a search stops, saying that it is not complete. In CI 4 GB are enough for everything in SEARCHES. */
const MOST_MEMORY_MB = 4_000
/** Steps of one behaviour; the deepest so far has 400. */
const MOST_STEPS = 100_000
const MOST_OUTPUT = 64 << 20

export interface Found {
  states: number
  /** Steps of the longest behaviour. */
  depth: number
  seconds: number
  memoryMb: number
  /** What was violated and the steps that lead there, for people; null: nothing was. */
  trace: string | null
}

export interface SearchOptions {
  /** Where the search stops if it needs more. */
  memoryMb?: number
  /** It is over soon, at a violation: to compile it well would take longer than that. Default false. */
  short?: boolean
}

/**
 * Builds the model for one search in `folder`, and runs it to its end or to the first violation.
 * @throws Error when the search is not complete
 */
export async function search (folder: string, bounds: Search, { memoryMb = MOST_MEMORY_MB, short = false }: SearchOptions = {}): Promise<Found> {
  const flags = flagsOf(bounds)
  // Statement merging (on without -o3) would make two atomic steps in a row one, and hide what comes between them.
  await run('spin', ['-a', '-o3', ...flags, model], { cwd: folder })
  // Every step is global: without partial order reduction nothing is lost, and nothing need be believed.
  await run('gcc', [short ? '-O0' : '-O2', '-w', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR', `-DMEMLIM=${memoryMb}`, '-o', 'pan', 'pan.c'], { cwd: folder })
  const { stdout } = await run('./pan', [`-m${MOST_STEPS}`], { cwd: folder, maxBuffer: MOST_OUTPUT })
  const trail = existsSync(`${folder}/perch.pml.trail`)
  if (!trail && (numberIn(stdout, /errors: (\d+)/) !== 0 || /Search not completed|max search depth too small/.test(stdout))) throw new Error(`the search is not complete:\n${stdout}`)
  return {
    states: numberIn(stdout, /(\d+) states, stored/),
    depth: numberIn(stdout, /depth reached (\d+)/),
    seconds: numberIn(stdout, /elapsed time ([\d.]+) seconds/),
    memoryMb: numberIn(stdout, /([\d.]+)\s+total actual memory usage/),
    trace: trail ? await traceOf(folder, flags, stdout) : null
  }
}

function flagsOf ({ commits, failovers = 0, rollbacks = 0, crashes = 0, freely, waits, locks, without }: Search): string[] {
  return [
    `-DCOMMITS=${commits}`, `-DFAILOVERS=${failovers}`, `-DROLLBACKS=${rollbacks}`, `-DCRASHES=${crashes}`,
    ...(freely === undefined ? [] : [`-DFREELY=${freely}`]),
    ...(waits === true ? ['-DWAITS'] : []),
    ...(locks === true ? ['-DLOCK_NEVER_RUNS_OUT'] : []),
    ...(without === undefined ? [] : [`-D${without}`])
  ]
}

async function traceOf (folder: string, flags: string[], stdout: string): Promise<string> {
  const { stdout: steps } = await run('spin', ['-t', '-k', `${folder}/perch.pml.trail`, ...flags, model], { cwd: folder, maxBuffer: MOST_OUTPUT })
  const lines = steps.split('\n').map(line => line.trim()).filter(line => line !== '' && !/ = 0$|\bproc\b/.test(line))
  return [/pan:1: .*/.exec(stdout)?.[0] ?? '', ...lines].join('\n')
}

function numberIn (text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`pan did not say ${String(pattern)}:\n${text}`)
  return Number(found)
}
