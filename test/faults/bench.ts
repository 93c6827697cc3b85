import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cleanup } from '../harness/cleanup.ts'
import type { Problem } from './checkers/problem.ts'
import { FAULTS } from './faults.ts'
import type { HistoryLine } from './history.ts'
import { openInstallation, type Installation } from './installation.ts'
import type { Options } from './options.ts'
import { runRound, type Round } from './round.ts'
import { haveSeen, openCrowd } from './watching.ts'

export interface Run {
  rounds: Round[]
  /** Why it ended before its time; null: it did not. */
  failure: string | null
}

/** Characters of one problem. */
const MOST_TOLD = 3_000

/** Rounds on one installation until time is up or something is wrong. `tell` gets a line of progress after each; `begin` is called when everything runs. */
export async function runBench (t: Cleanup, options: Options, tell: (line: string) => void, begin: () => void = () => {}): Promise<Run> {
  await mkdir(options.out, { recursive: true })
  const installation = await openInstallation(t, { setting: options.setting, nodes: options.nodes, fsync: options.fsync, ...(options.main === null ? {} : { main: options.main }) })
  if (!installation.hasPreload) tell('THERE IS NO C COMPILER: clocks are not shifted and no power is lost. scripts/install-test-tools installs gcc')
  const crowd = openCrowd(t, installation)
  await haveSeen(crowd.watchers)
  const endAt = performance.now() + options.minutes * 60_000
  begin()
  const run: Run = { rounds: [], failure: null }
  for (let i = 0; i < options.rounds && performance.now() < endAt && run.failure === null; i++) {
    const seed = options.seed + i
    const path = join(options.out, `${options.setting}-${seed}.jsonl`)
    const file = openHistory(path)
    try {
      const round = await runRound(t, installation, crowd, {
        seed, rageMs: options.rageMs, clients: options.clients, healMs: options.healMs, faults: FAULTS, script: options.script, write: file.write
      })
      run.rounds.push(round)
      tell(lineOf(round))
      if (round.problems.length > 0) run.failure = `${round.problems.length} problems with seed ${seed}: ${worstFirst(round.problems).slice(0, 10).map(({ kind, invariant, what }) => `\n  ${kind} (${invariant}): ${what.slice(0, MOST_TOLD)}`).join('')}`
    } catch (error) {
      run.failure = `the round with seed ${seed} did not come to its end: ${error instanceof Error ? error.stack : String(error)}`
    } finally {
      file.close()
    }
    if (run.failure === null) await rm(path)
    else run.failure += `\nhistory: ${path}\nagain:   ${again(options, seed)}\nlogs:    ${(await keepLogs(installation, options.out)).join(' ')}`
  }
  return run
}

/** What was doubled or lost before what it may have caused. */
function worstFirst (problems: readonly Problem[]): Problem[] {
  const isWorst = ({ kind }: Problem): boolean => ['doubled', 'persisted lost', 'not linearizable'].includes(kind)
  return [...problems.filter(isWorst), ...problems.filter(problem => !isWorst(problem))]
}

function lineOf ({ seed, commands, persisted, kills, lost, reported, places, undecided, convergedMs, problems, faults }: Round): string {
  const done = [...faults].map(([name, count]) => count > 1 ? `${name} (${count})` : name).join(', ')
  return `${problems.length === 0 ? 'ok    ' : 'NOT OK'} seed ${seed}: ${commands} commands, ${persisted} persisted, ${kills} kills, ${lost} provisional lost (${reported} reported), ${places} places${undecided > 0 ? ` (${undecided} undecided)` : ''}, healed in ${(convergedMs / 1_000).toFixed(1)} s; ${done}`
}

function again ({ setting, nodes, clients, rageMs, healMs, fsync, script }: Options, seed: number): string {
  return `npm run faults -- --setting ${setting} --seed ${seed} --rounds 1 --nodes ${nodes} --clients ${clients} --rage ${rageMs / 1_000} --fsync ${fsync} --heal ${healMs / 1_000}${script === null ? '' : ` --faults '${script.join(',')}'`}`
}

/** What the nodes printed, beside the history. */
async function keepLogs ({ nodes }: Installation, out: string): Promise<string[]> {
  return await Promise.all(nodes.map(async node => {
    const path = join(out, `node-${node.number}.log`)
    await writeFile(path, await node.output())
    return path
  }))
}

/** Each line is written before anything else happens. What comes after the end, from connections that are still being cut, is dropped. */
function openHistory (path: string): { write (line: HistoryLine): void, close (): void } {
  let file: number | null = openSync(path, 'w')
  return {
    write (line) { if (file !== null) writeSync(file, `${JSON.stringify(line)}\n`) },
    close () {
      if (file !== null) closeSync(file)
      file = null
    }
  }
}
